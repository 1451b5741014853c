import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** What the files of each layer may import: folders and files of ours, and packages. The longest matching layer counts. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'plugin/core': ['plugin/core'],
  'plugin/policy': ['plugin/core', 'plugin/policy'],
  'plugin/onnx': ['plugin/core', 'plugin/policy', 'plugin/onnx', '@bufbuild/protobuf'],
  'plugin/onnx.ts': ['plugin/onnx/'],
  'plugin/scene': ['plugin/core', 'plugin/policy', 'plugin/scene', '@babylonjs/core', '@babylonjs/havok'],
  'plugin/learn': ['plugin/core', 'plugin/policy', 'plugin/learn', '@tensorflow/', 'webgpu'],
  'plugin/train': ['plugin/core', 'plugin/policy', 'plugin/learn', 'plugin/train', 'comlink', 'valibot'],
  'plugin/cli': [
    'plugin/core',
    'plugin/policy',
    'plugin/onnx',
    'plugin/train',
    'plugin/cli',
    'commander',
    'cli-progress',
    'esbuild',
    'node:',
  ],
  'plugin/inspector': [
    'plugin/core',
    'plugin/scene',
    'plugin/inspector',
    '@babylonjs/core',
    '@babylonjs/inspector',
    'react',
  ],
  'plugin/inspector.ts': ['plugin/inspector/'],
  'plugin/testing': ['plugin/core', 'plugin/scene', 'plugin/testing', 'workers', '@babylonjs/core', 'vitest'],
  'plugin/index.ts': ['plugin/core', 'plugin/policy', 'plugin/scene'],
  'plugin/training.ts': ['plugin/learn', 'plugin/train'],
  workers: [
    'plugin/core',
    'plugin/policy',
    'plugin/scene',
    'plugin/learn',
    'plugin/train',
    'workers',
    '@babylonjs/core',
    '@jsquash/',
    'comlink',
  ],
  'demo-scenes': [
    'plugin/index.ts',
    'plugin/training.ts',
    'plugin/inspector.ts',
    'workers/index.ts',
    'demo-scenes',
    'virtual:settings',
    '@babylonjs/',
    'idb-keyval',
    'preact',
    'uplot',
  ],
};

/** Imports of types alone, which leave nothing in the code that runs. */
const TYPES_ONLY: readonly string[] = ['workers -> plugin/train'];

/** Parts of Babylon that an environment leaves to its view. */
const LOOKS = /@babylonjs\/(gui|core\/(Cameras|Lights|Materials|Layers|PostProcesses|Particles)\/)/;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  /** loaded when the statement runs, not with its file */
  readonly dynamic: boolean;
}

const files = ['plugin', 'workers', 'demo-scenes'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => join(folder, file)),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const code = readFileSync(join(ROOT, file), 'utf8');
  const statements = code.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, bare, dynamic]) => {
    const target = (from ?? bare ?? dynamic).replace(/\?url$/, '');
    return {
      file,
      target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
      typeOnly: type !== undefined,
      dynamic: dynamic !== undefined,
    };
  });
}

function layerOf(file: string): string | undefined {
  return Object.keys(LAYERS)
    .filter((layer) => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ file, target, typeOnly }: Import): boolean {
  const layer = layerOf(file) as string;
  if (typeOnly && TYPES_ONLY.some((rule) => rule === `${layer} -> ${layerOf(target) ?? target}`)) return true;
  return (
    LAYERS[layer].some((allowed) => target.startsWith(allowed)) &&
    !(layer === 'workers' && target.startsWith('plugin/train'))
  );
}

/** Every file of ours and every package that is loaded with `entry`, dynamic imports included. */
function loadedBy(entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    for (const { target, typeOnly } of imports.filter((statement) => statement.file === file))
      if (!typeOnly) loaded.add(target);
  }
  return loaded;
}

describe('the import rules', () => {
  it('are found to be read from real statements', () => {
    expect(imports.length).toBeGreaterThan(150);
    expect(imports).toContainEqual({
      file: 'plugin/train/train.ts',
      target: 'plugin/train/open-run.ts',
      typeOnly: false,
      dynamic: false,
    });
  });

  it('hold for every file', () => {
    const broken = imports
      .filter((statement) => !isAllowed(statement))
      .map(({ file, target }) => `${file} → ${target}`);
    expect(broken).toEqual([]);
  });

  it('keep TensorFlow.js and Comlink out of a game that only plays a policy', () => {
    const heavy = [...loadedBy('plugin/index.ts')].filter((target) =>
      /tensorflow|comlink|plugin\/(learn|train)/.test(target),
    );
    expect(heavy).toEqual([]);
  });

  it('keep the Inspector and React out of a game that does not open them', () => {
    const tools = /^(@babylonjs\/inspector|react)/;
    expect([...loadedBy('plugin/index.ts')].filter((target) => tools.test(target))).toEqual([]);
    const first = imports.filter(
      ({ file, dynamic }) => /plugin\/inspector(\.ts|\/show-agents\.ts)$/.test(file) && !dynamic,
    );
    expect(first.length).toBeGreaterThan(2);
    expect(first.filter(({ target, typeOnly }) => !typeOnly && tools.test(target))).toEqual([]);
  });

  it('keep Babylon out of the trainer, and TensorFlow.js out of its thread', () => {
    const heavy = [...loadedBy('plugin/training.ts')].filter((target) =>
      /babylonjs|tensorflow|plugin\/scene/.test(target),
    );
    expect(heavy).toEqual([]);
  });

  it('keep cameras, lights, materials and GUI out of environments', () => {
    const environments = files.filter((file) => file.endsWith('/environment.ts'));
    expect(environments.length).toBeGreaterThan(0);
    const looks = imports.filter(({ file, target }) => environments.includes(file) && LOOKS.test(target));
    expect(looks).toEqual([]);
  });
});
