import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asLocked, run } from './project.ts';

/** What came of the commands that `init` says, and of the project's other scripts. */
export interface InitProject {
  /** where the built page is, as a path from the folder of the installed package */
  readonly dist: string;
  /** what training printed as JSON, after some updates */
  readonly trained: object;
  /** what `npm test` and `npm run build` printed */
  readonly tested: string;
  readonly built: string;
}

export interface InitOptions {
  /** a project whose command line makes the new one, below it */
  readonly installed: string;
  readonly tarball: string;
  readonly language: string;
}

/** Makes a project with `init`, installs the tarball in it, trains for a moment, tests and builds. */
export async function makeInitProject({ installed, tarball, language }: InitOptions): Promise<InitProject> {
  const name = `init-${language}`;
  const folder = join(installed, name);
  const flags = language === 'JavaScript' ? ['--js'] : [];
  await run(installed, 'npx', '--no-install', 'babylon-agents', 'init', name, ...flags);
  pin(join(folder, 'package.json'), tarball);
  const twin = join(installed, 'init-TypeScript', 'node_modules'); // of the same packages and one more
  if (existsSync(twin)) symlinkSync(twin, join(folder, 'node_modules'), 'junction');
  else await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  const short = ['--areas', '8', '--max-decisions', '4096', '--json'];
  const printed = await run(folder, 'npm', 'run', '--silent', 'train', '--', ...short);
  const tested = await run(folder, 'npm', 'test', '--', '--no-color');
  const built = await run(folder, 'npm', 'run', 'build', '--', '--logLevel', 'warn');
  return { dist: join(name, 'dist'), trained: JSON.parse(printed), tested, built };
}

/** Has a project install the tarball, and of other packages the versions that the repository has locked. */
function pin(path: string, tarball: string): void {
  const { dependencies, devDependencies, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  const { 'babylon-agents': _, ...others } = dependencies;
  const pinned = {
    ...manifest,
    dependencies: { ...asLocked(...Object.keys(others)), 'babylon-agents': `file:${tarball}` },
    devDependencies: asLocked(...Object.keys(devDependencies)),
  };
  writeFileSync(path, JSON.stringify(pinned));
}
