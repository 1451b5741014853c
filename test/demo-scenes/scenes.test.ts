import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LADDER } from '../../bench/scenes/ladder.ts';
import type { SceneAbout } from '../../demo-scenes/about.ts';
import type { DemoScene } from '../../demo-scenes/scenes.ts';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { WorkerHandle } from '../../plugin/train/worker-handle.ts';
import { findScenes, formatCatalog } from '../../scripts/list-scenes.ts';
import config from '../../vite.config.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCENES = findScenes(join(ROOT, 'demo-scenes'));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Vite as `npm start` runs it, on another folder. */
const serve = (root: string) =>
  createServer({
    ...config,
    root,
    configFile: false,
    logLevel: 'silent',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });

describe('demo-scenes/catalog.ts', () => {
  it('is what `npm run scenes` writes', () => {
    expect(read('demo-scenes/catalog.ts')).toBe(formatCatalog(SCENES));
  });
});

describe.each(SCENES)('the folder of %s', (name) => {
  it('has all that the page and the docs ask of a scene', async () => {
    const { about }: { about: SceneAbout } = await import(`../../demo-scenes/${name}/about.ts`);
    const needed = ['environment.ts', 'training.ts', 'view.ts', 'README.md', 'picture-light.webp', 'picture-dark.webp'];
    const missing = [...needed, ...about.policies].filter((file) => !existsSync(join(ROOT, 'demo-scenes', name, file)));
    expect(missing).toEqual([]);
    expect(about.policies.length).toBeGreaterThan(0);
    expect(about.sentence).toMatch(/^[A-Z].+\.$/);
  });

  it('is the only place that knows the scene, besides the catalog and scripts that carry its name', () => {
    const gathering = ['demo-scenes', 'bench/scenes', 'scripts'].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|tsx|html|css)$/.test(file))
        .map((file) => `${room}/${file}`),
    );
    const outside = [...gathering, 'vite.config.ts'].filter(
      (file) =>
        file !== 'demo-scenes/catalog.ts' &&
        !SCENES.some((scene) => file.startsWith(`demo-scenes/${scene}/`) || file.startsWith(`scripts/${scene}`)),
    );
    const named = new RegExp(`['"\`/]${name}(?![\\w-])`);
    expect(outside.length).toBeGreaterThan(60);
    expect(outside.filter((file) => named.test(read(file)))).toEqual([]);
  });
});

describe('the ladder', () => {
  it('has the scenes whose folders state a score, with that score', () => {
    expect(LADDER).toContainEqual({ name: 'basic', unity: 'Basic', benchmark: 0.93, bar: 0.93, trained: 0.92 });
    expect(LADDER.map(({ name }) => name)).toEqual(
      SCENES.filter((name) => /^ {2}score: /m.test(read(`demo-scenes/${name}/about.ts`))),
    );
  });
});

describe('a folder added to demo-scenes', () => {
  const root = mkdtempSync(join(tmpdir(), 'scenes-'));
  const folder = join(root, 'demo-scenes');
  let server: ViteDevServer;

  beforeAll(async () => {
    for (const name of ['plugin', 'workers', 'node_modules']) symlinkSync(join(ROOT, name), join(root, name));
    cpSync(join(ROOT, 'demo-scenes'), folder, { recursive: true });
    const added = join(folder, 'stone-walk');
    cpSync(join(folder, 'basic'), added, { recursive: true });
    renameSync(join(added, 'basic.safetensors'), join(added, 'stone-walk.safetensors'));
    for (const file of ['about.ts', 'environment.ts']) {
      const text = readFileSync(join(added, file), 'utf8');
      const renamed = text
        .replaceAll('const basic', 'const stoneWalk')
        .replaceAll("'basic'", "'stone-walk'")
        .replaceAll("'Basic'", "'Stone walk'")
        .replaceAll('basic.safetensors', 'stone-walk.safetensors');
      expect(renamed).not.toBe(text);
      writeFileSync(join(added, file), renamed);
    }
    writeFileSync(join(folder, 'catalog.ts'), formatCatalog(findScenes(folder)));
    server = await serve(folder);
  });
  afterAll(async () => {
    await server.close();
    rmSync(root, { recursive: true });
  });

  it('is a scene of the page: title, pictures, policy and what training reached', async () => {
    const scenes: readonly DemoScene[] = (await server.ssrLoadModule('/scenes.ts')).scenes;
    expect(scenes.map(({ name }) => name)).toEqual([...SCENES, 'stone-walk'].sort());
    const { title, policyPaths, pictures, record, view } = scenes.find(({ name }) => name === 'stone-walk')!;
    expect(title).toBe('Stone walk');
    expect(policyPaths).toEqual([expect.stringMatching(/stone-walk\/stone-walk\.safetensors/)]);
    expect(pictures.dark).toMatch(/stone-walk\/picture-dark\.webp/);
    expect(record?.decisions).toBeGreaterThan(0);
    expect(await view()).toHaveProperty('colors');
  });

  it('is an environment of the worker', async () => {
    const worker = new WorkerHandle('Worker', await prepareNodeWorkers(join(folder, 'worker.ts')));
    try {
      const described = await worker.call((services) => services.rollout.describe());
      expect(described.map(({ name }) => name)).toContain('stone-walk');
    } finally {
      worker.dispose();
    }
  });
});
