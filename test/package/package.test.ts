import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { serveFolder } from '../browser/serve-folder.ts';
import { type InitProject, makeInitProject } from './init-project.ts';
import { installProject, type Packed, pack, ROOT, run, temporaryFolder } from './project.ts';
import { makeYardProject, type YardProject } from './yard-project.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const packing = temporaryFolder();
const { path: project, dispose: removeProject } = temporaryFolder();
let packed: Packed;

beforeAll(async () => {
  packed = await pack(packing.path);
}, 120_000);

afterAll(() => {
  packing.dispose();
  removeProject();
});

/** The files in a folder and below, as paths from `root`. */
const filesOf = (root: string, folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

describe('the tarball', () => {
  it('holds compiled modules with their types, the template of init and four documents, and nothing else', () => {
    const template = packed.files.filter((file) => file.startsWith('lib/template/'));
    const modules = packed.files.filter((file) => file.startsWith('lib/') && !template.includes(file));
    const rest = packed.files.filter((file) => !file.startsWith('lib/'));
    expect(template.map((file) => file.slice('lib/'.length)).sort()).toEqual(filesOf(ROOT, 'template'));
    expect(rest).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    const expected = /^lib\/(plugin|workers)\/[a-z0-9/-]+(\.js|\.d\.ts)$/;
    expect(modules.filter((file) => !expected.test(file))).toEqual([]);
    const described = modules.filter((file) => file.endsWith('.d.ts'));
    expect(described.filter((file) => !modules.includes(file.replace(/d\.ts$/, 'js')))).toEqual([]);
  });

  it('has every file that package.json points to', () => {
    const { './package.json': _, ...entries } = manifest.exports as Record<string, { types: string; default: string }>;
    const named = [...Object.values(entries).flatMap(Object.values), ...Object.values(manifest.bin)] as string[];
    expect(named.length).toBeGreaterThanOrEqual(13);
    expect(named.filter((file) => !packed.files.includes(file.replace('./', '')))).toEqual([]);
  });

  it('is small', () => {
    expect(packed.size).toBeLessThan(300_000);
    expect(packed.unpackedSize).toBeLessThan(1_000_000);
  });

  it('has documentation in its types, and in its code the comments that bundlers go by', () => {
    const read = (file: string) => readFileSync(join(ROOT, 'lib', file), 'utf8');
    expect(read('plugin/train/train.d.ts')).toContain('/**');
    expect(read('plugin/train/train.js')).not.toContain('/**');
    const asked = /import\(\s*\/\* @vite-ignore \*\/\s*\/\* webpackIgnore: true \*\/\s*specifier\s*\)/;
    expect(read('plugin/learn/gpu.js')).toMatch(asked);
  });

  it('has no declarations but those that its public types lead to', () => {
    const has = (file: string) => packed.files.includes(`lib/${file}`);
    expect([has('plugin/train/train.d.ts'), has('plugin/core/layout.d.ts')]).toEqual([true, true]);
    expect(has('plugin/learn/webgpu/loss.js')).toBe(true);
    expect(has('plugin/learn/webgpu/loss.d.ts')).toBe(false);
    const layout = readFileSync(join(ROOT, 'lib/plugin/core/layout.d.ts'), 'utf8');
    expect([layout.includes('interface LayoutSizes'), layout.includes('describeLayout')]).toEqual([true, false]);
  });

  it('has all declarations that its public types lead to', async () => {
    const entries = Object.values(manifest.exports as Record<string, { types?: string }>);
    const files = entries.flatMap(({ types }) => types ?? []);
    const options = '--noEmit --strict --target es2023 --module nodenext --types node,@webgpu/types --ignoreConfig';
    const check = run(ROOT, 'npx', 'tsc', ...files, ...options.split(' '), '--allowImportingTsExtensions');
    const said = await check.catch((error: Error) => error.message); // other packages' types have mistakes of their own
    expect(said.split('\n').filter((line) => line.startsWith('lib/'))).toEqual([]);
  });

  it('passes publint', async () => {
    expect(await run(ROOT, 'npx', 'publint', packed.tarball, '--strict')).toContain('All good!');
  });

  it('passes are-the-types-wrong as a package of ES modules alone', async () => {
    const said = await run(ROOT, 'npx', 'attw', packed.tarball, '--profile', 'esm-only', '--format', 'json');
    const { analysis } = JSON.parse(said);
    expect(Object.keys(analysis.entrypoints)).toEqual(Object.keys(manifest.exports));
  });
});

describe('the sources, by the names of the package', () => {
  it('are what its exports are compiled from', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')).compilerOptions;
    const compiled = Object.entries(paths as Record<string, readonly string[]>).map(([name, [source]]) => [
      name.replace('babylon-agents', '.'),
      source.replace('./', './lib/').replace(/ts$/, 'js'),
    ]);
    const { './package.json': _, ...entries } = manifest.exports as Record<string, { default: string }>;
    expect(Object.fromEntries(compiled)).toEqual(
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.default])),
    );
  });
});

describe('the installed package, in the project of the guides', () => {
  let types: string;
  let trained: { readonly policies: readonly { readonly policyPath: string }[]; readonly solved: boolean };

  beforeAll(async () => {
    await installProject(project, packed.tarball);
    types = await run(project, join(ROOT, 'node_modules', '.bin', 'tsc')); // also makes js/ for Node and for import maps
    trained = JSON.parse(await run(project, 'npx', '--no-install', 'babylon-agents', 'train', 'roller', '--json'));
    for (const folder of ['public', 'without-bundler']) {
      mkdirSync(join(project, folder), { recursive: true });
      cpSync(join(project, trained.policies[0].policyPath), join(project, folder, 'roller.safetensors'));
    }
  }, 240_000);

  it('brings no package that only few need: Dawn, the Inspector, React, Vitest', () => {
    const installed = (name: string) => existsSync(join(project, 'node_modules', name));
    const optional = Object.keys(manifest.peerDependenciesMeta);
    expect(optional.length).toBe(4);
    expect(optional.filter(installed)).toEqual([]);
    expect(Object.keys(manifest.dependencies).filter((name) => !installed(name))).toEqual([]);
  });

  it('has types that compile in a strict project', () => {
    expect(types).toBe('');
    expect(existsSync(join(project, 'js', 'roller.js'))).toBe(true);
  });

  /** The files that a bundle of these lines takes code from: all of them in one, or those before it loads more, in chunks as Vite has them. */
  async function bundled(contents: string, splitting = false): Promise<readonly string[]> {
    const stdin = { contents, resolveDir: project };
    const options = { stdin, bundle: true, write: false, format: 'esm', metafile: true, outdir: project } as const;
    const { outputs } = (await build({ ...options, splitting })).metafile;
    const needed = new Set(Object.keys(outputs).filter((name) => outputs[name].entryPoint === '<stdin>'));
    for (const name of needed)
      for (const { path, kind } of outputs[name].imports) if (kind === 'import-statement') needed.add(path);
    return [...needed].flatMap((name) => {
      const { inputs } = outputs[name];
      return Object.keys(inputs).filter((file) => file !== '<stdin>' && inputs[file].bytesInOutput > 0);
    });
  }

  it('leaves out of a bundle what is not used', async () => {
    const files = await bundled(`import { AgentsError } from 'babylon-agents'; throw new AgentsError('');`, true);
    expect(files).toEqual([expect.stringMatching(/babylon-agents\/lib\/plugin\/core\/errors\.js$/)]);
  });

  it('keeps in a bundle what Babylon must be told of physics, and leaves TensorFlow.js and Comlink out', async () => {
    const game = `import { enablePhysics, loadPolicy, play, playPolicy } from 'babylon-agents';`;
    const files = await bundled(`${game} export default [enablePhysics, loadPolicy, play, playPolicy];`);
    const has = (part: string) => files.some((file) => file.includes(part));
    expect(has('core/Physics/joinedPhysicsEngineComponent')).toBe(true);
    expect(['tensorflow', 'comlink', 'lib/plugin/learn', 'lib/plugin/train'].filter(has)).toEqual([]);
  });

  it('trains in the terminal until the task is solved, with the worker file found', () => {
    expect(trained).toMatchObject({ environment: 'roller', solved: true });
    expect(trained.policies[0].policyPath).toBe('runs/roller-1/policy.safetensors');
  });

  it('says what to do in a folder without a worker file', async () => {
    const empty = join(project, 'public');
    await expect(run(empty, 'npx', '--no-install', 'babylon-agents', 'list')).rejects.toThrow(
      'Run `npx babylon-agents init my-game` to create a project with one, or point --worker at the file that calls',
    );
  });

  it('lets plain Node import every entry that needs no optional package', async () => {
    const entries = Object.keys(manifest.exports).filter((name) => !['./testing', './package.json'].includes(name));
    const names = entries.map((name) => name.replace('.', 'babylon-agents'));
    expect(names).toContain('babylon-agents/onnx');
    const code = names.map((name) => `await import('${name}');`).join('');
    await run(project, 'node', '--input-type=module', '--eval', code);
  });

  it('trains in plain Node', async () => {
    const lines = (await run(project, 'node', 'node/train.mjs')).trim().split('\n');
    expect(lines).toHaveLength(20_480 / 4096);
    expect(lines.at(-1)).toMatch(/^20480 decisions, mean return -?\d/);
    expect(existsSync(join(project, 'roller.safetensors'))).toBe(true);
  });

  it('plays in plain Node', async () => {
    const said = await run(project, 'node', 'node/play.mjs', trained.policies[0].policyPath);
    expect(said).toMatch(/100 decisions, the nearest is [01]\.\d m away/); // 4.1 m at the start
  });

  describe('in Chromium', () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchChromium({ webgpu: false });
      await run(project, 'npx', '--no-install', 'vite', 'build', '--logLevel', 'warn');
    });

    afterAll(() => browser?.close());

    /** Opens a page of a folder, lets `visit` look at it, and gives what went wrong meanwhile. */
    async function open(
      folder: string,
      page: string,
      isolated: boolean,
      visit: (page: Page) => Promise<void>,
    ): Promise<readonly string[]> {
      const site = await serveFolder(join(project, folder), { isolated });
      const tab = await browser.newPage();
      tab.setDefaultTimeout(90_000); // a scene for every area, on a machine that draws by software beside it
      const problems: string[] = [];
      tab.on('pageerror', ({ message }) => problems.push(message));
      tab.on('response', (response) => response.ok() || problems.push(`${response.status()} ${response.url()}`));
      try {
        await tab.goto(site.url + page);
        await visit(tab);
        expect(await tab.evaluate(() => crossOriginIsolated)).toBe(isolated);
        return problems;
      } finally {
        await tab.close();
        await site.dispose();
      }
    }

    /** Presses Train and waits for some updates, or for the error that the page shows in their place. */
    async function train(page: Page): Promise<void> {
      await page.click('button');
      await page.waitForFunction(() =>
        /^\d{5,} decisions|\[agents\]|rror/.test(document.querySelector('output')!.value),
      );
      expect(await page.textContent('output')).toMatch(/^\d{5,} decisions/);
    }

    /** Waits until the agents have decided a few times; the page counts in its title. */
    async function play(page: Page): Promise<void> {
      await page.waitForFunction(() => Number(document.title) > 10);
    }

    it.each([true, false])('plays in a page that Vite built, isolated: %s', async (isolated) => {
      expect(await open('dist', 'index.html', isolated, play)).toEqual([]);
    });

    it.each([true, false])('trains in a page that Vite built, isolated: %s', async (isolated) => {
      expect(await open('dist', 'train.html', isolated, train)).toEqual([]);
    });

    it('lets one tab at a time train a run', async () => {
      const visit = async (page: Page) => {
        await train(page);
        const opened = page.waitForEvent('popup');
        await page.evaluate(() => void window.open(location.href));
        const second = await opened;
        await second.click('button');
        await second.waitForFunction(() => document.querySelector('output')!.value.endsWith('in another tab.'));
        await page.reload(); // ends its run
        await train(second);
        await second.close();
      };
      expect(await open('dist', 'train.html', true, visit)).toEqual([]);
    });

    it('keeps a run in the page, stops it and resumes it', async () => {
      const decisions = async (page: Page) => Number((await page.textContent('output'))!.match(/\d{4,}/)?.[0]);
      const visit = async (page: Page) => {
        await train(page);
        await page.click('button:has-text("Stop")');
        await page.waitForFunction(() => document.querySelector('output')!.value.startsWith('interrupted after'));
        const before = await decisions(page);
        await train(page);
        expect(await decisions(page)).toBeGreaterThan(before);
      };
      expect(await open('dist', 'train.html', true, visit)).toEqual([]);
    });

    it('plays without a bundler, by an import map', async () => {
      expect(await open('', 'without-bundler/', false, play)).toEqual([]);
    });

    it.each([true, false])('trains without a bundler, isolated: %s', async (isolated) => {
      expect(await open('', 'without-bundler/train.html', isolated, train)).toEqual([]);
    });

    describe.each(['TypeScript', 'JavaScript'])('in the project that init makes in %s', (language) => {
      let made: InitProject;

      beforeAll(async () => {
        made = await makeInitProject({ installed: project, tarball: packed.tarball, language });
      }, 240_000);

      it('trains, type-checks and builds by its own scripts, and passes its test', () => {
        expect(made.trained).toMatchObject({ environment: 'roller', policies: [{ name: 'agent' }] });
        expect(made.tested).toMatch(/Tests +\d+ passed/);
        expect(made.built).toMatch(/^> (tsc && )?vite build /m);
        expect(made.built.includes('tsc')).toBe(language === 'TypeScript');
      });

      it('plays the newest policy in its page', async () => {
        const look = async (page: Page) => {
          await page.waitForFunction(() => document.title.endsWith('runs/roller-1/policy.safetensors'));
          const before = await page.screenshot();
          await expect.poll(async () => (await page.screenshot()).equals(before), { timeout: 20_000 }).toBe(false);
          await page.waitForTimeout(500);
          const drawn = await page.screenshot();
          await expect.poll(async () => (await page.screenshot()).equals(drawn), { timeout: 20_000 }).toBe(false);
        };
        expect(await open(made.dist, 'index.html', false, look)).toEqual([]);
      });
    });

    describe('in the project of the guide “Add agents to your scene”', () => {
      let yard: YardProject;

      beforeAll(async () => {
        yard = await makeYardProject(project);
      });

      it('has types that compile as strictly as Vite’s template asks', () => {
        expect(yard.types).toBe('');
      });

      it('trains in the terminal: a scene from a glTF file for every area', () => {
        expect(yard.trained).toMatchObject({ environment: 'beacon-yard', decisions: 4096 });
      });

      it.each([true, false])('trains in a page that Vite built, isolated: %s', async (isolated) => {
        const learn = (page: Page) => page.waitForFunction(() => /^\d+: .* m$/.test(document.title)).then(() => {});
        expect(await open('yard/dist', 'train.html', isolated, learn)).toEqual([]);
      });

      it('plays in a page that Vite built', async () => {
        const change = async (page: Page) => {
          const before = await page.screenshot();
          await expect.poll(async () => (await page.screenshot()).equals(before), { timeout: 20_000 }).toBe(false);
        };
        const look = async (page: Page) => {
          await change(page); // from nothing to a scene
          await page.waitForTimeout(3000); // the craft has come down: from now on only its agent moves anything
          for (let i = 0; i < 3; i++) await change(page);
        };
        expect(await open('yard/dist', 'index.html', false, look)).toEqual([]);
      });
    });
  });
});
