import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../test/browser/chromium.ts';
import { serveFolder } from '../test/browser/serve-folder.ts';
import { installProject, pack, ROOT, run, temporaryFolder } from '../test/package/project.ts';

/** What is tried unless the command line says: the oldest and the newest of each major that the package is for. */
const EDGES = ['7.54.0', '7.54.3', '8.0.0', '8.56.2', '9.0.0', '9.35.0'];

/**
 * `npm run test:versions -- 8.0.0 9.0.0+1.3.13`: the packed package in the guides' project with these versions of Babylon
 * (and of Havok, behind a plus): its types, a training in the terminal and one in plain Node, play in Node, and play and
 * training in a page that Vite built. Takes about 2 minutes each.
 */
const packing = temporaryFolder();
const { tarball } = await pack(packing.path);
const given = process.argv.slice(2);
for (const version of given.length > 0 ? given : EDGES) await tryVersion(version);
packing.dispose();

async function tryVersion(version: string): Promise<void> {
  const project = temporaryFolder();
  try {
    const [core, havok] = version.split('+');
    const versions = { '@babylonjs/core': core, ...(havok && { '@babylonjs/havok': havok }) };
    await step(version, 'installs', () => installProject(project.path, tarball, versions));
    await step(version, 'compiles', () => compile(project.path));
    await step(version, 'trains in the terminal', () => trainByCommand(project.path));
    await step(version, 'trains in plain Node', () => run(project.path, 'node', 'node/train.mjs'));
    await step(version, 'plays in plain Node', () =>
      run(project.path, 'node', 'node/play.mjs', 'public/roller.safetensors'),
    );
    await step(version, 'plays and trains in Chromium', () => visitPages(project.path));
  } finally {
    project.dispose();
  }
}

/** Does one thing with a version, and says how it went. The others are tried all the same. */
async function step(version: string, does: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    process.stdout.write(`${version} ${does}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stdout.write(`${version} FAILS: ${does}\n${(error as Error).message}\n`);
  }
}

/** Throws what the compiler says of the project and of this package. Typings of older Babylons contradict those of browsers. */
async function compile(project: string): Promise<void> {
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
  const said = await run(project, compiler, '--pretty', 'false').catch(({ message }: Error) => message);
  const ours = said.split('\n').filter((line) => /^(src|node_modules\/babylon-agents)\//.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

async function trainByCommand(project: string): Promise<void> {
  const printed = await run(project, 'npx', '--no-install', 'babylon-agents', 'train', 'roller', '--json');
  const { solved, policy } = JSON.parse(printed);
  if (!solved) throw new Error(`The task was not solved: ${printed}`);
  mkdirSync(join(project, 'public'), { recursive: true });
  cpSync(join(project, policy), join(project, 'public', 'roller.safetensors'));
}

async function visitPages(project: string): Promise<void> {
  await run(project, 'npx', '--no-install', 'vite', 'build', '--logLevel', 'warn');
  const site = await serveFolder(join(project, 'dist'), { isolated: true });
  const browser = await launchChromium({ webgpu: false });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(90_000);
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(`${site.url}index.html`);
    await page.waitForFunction(() => Number(document.title) > 10); // the page counts decisions there
    await page.goto(`${site.url}train.html`);
    await page.click('button');
    await page.waitForFunction(() => /^\d{5,} decisions/.test(document.querySelector('output')!.value));
    if (problems.length > 0) throw new Error(problems.join('\n'));
  } finally {
    await browser.close();
    await site.dispose();
  }
}
