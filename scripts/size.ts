import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a page may import from the public entry, by the figure that says how large it is. */
const IMPORTS = {
  /** a policy in any page: loaded, acting, drawing by chance */
  runtime: ['loadPolicy', 'Random'],
  /** agents in a scene that there is already */
  play: ['loadPolicy', 'playPolicy', 'Agent'],
  /** the same, with every sensor and actuator of the package */
  parts: [
    ...['loadPolicy', 'playPolicy', 'Agent', 'BodySensor', 'RaySensor', 'RelativePositionSensor', 'FunctionSensor'],
    ...['GridSensor', 'JointSensor', 'StackedSensor', 'ForceActuator', 'TorqueActuator', 'FunctionActuator'],
    ...['JointMotorActuator', 'MoveActuator'],
  ],
  /** an environment, as training runs it */
  environment: ['loadPolicy', 'play', 'defineEnvironment', 'Agent'],
} as const;

/** Bytes of a minified ES module, without Babylon, Havok and weights. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/**
 * Bundles what a page imports from the package's public entry, as a bundler for production does: what nobody reaches falls
 * out, so far as `sideEffects` in package.json allows.
 */
export async function measureSize(names: readonly string[]): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names.join(', ')} } from './plugin/index.ts';`, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['@babylonjs/*'],
    splitting: true, // what is loaded on demand, such as the overlay, is a file of its own
    outdir: 'out',
    write: false,
    logLevel: 'silent',
  });
  const [entry] = outputFiles.filter(({ path }) => path.endsWith('stdin.js'));
  return { minified: entry.contents.length, gzip: gzipSync(entry.contents, { level: 9 }).length };
}

/** The size of each kind of import. */
export async function measureSizes(): Promise<Readonly<Record<keyof typeof IMPORTS, Size>>> {
  const sizes = await Promise.all(
    Object.entries(IMPORTS).map(async ([name, names]) => [name, await measureSize(names)] as const),
  );
  return Object.fromEntries(sizes) as Record<keyof typeof IMPORTS, Size>;
}

/** A line for each kind, and what it imports. */
function tabulate(sizes: Awaited<ReturnType<typeof measureSizes>>): string {
  const rows = Object.entries(sizes).map(([name, { minified, gzip }]) => {
    const imported = IMPORTS[name as keyof typeof IMPORTS].join(', ');
    return `${name.padEnd(12)}${String(minified).padStart(9)}${String(gzip).padStart(8)}  ${imported}`;
  });
  return [`${''.padEnd(12)} minified    gzip  bytes without Babylon, Havok and weights`, ...rows].join('\n');
}

/** `npm run size`; with --json its last line is one object, such as `{"runtimeGzip":8000,…}`. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await measureSizes();
  process.stdout.write(`${tabulate(sizes)}\n`);
  const figures = Object.entries(sizes).flatMap(([name, { minified, gzip }]) => [
    [`${name}Gzip`, gzip],
    [`${name}Minified`, minified],
  ]);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(Object.fromEntries(figures))}\n`);
}
