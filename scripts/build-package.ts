import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { pruneDeclarations } from './prune-declarations.ts';

const ROOT = join(import.meta.dirname, '..');
const LIB = join(ROOT, 'lib');

/** What TypeScript puts before a module that imports by a name which only running tells, and around that name. */
const HELPER = /^var __rewriteRelativeImportExtension = [\s\S]*?^};\n/m;
const HELPED = /__rewriteRelativeImportExtension\((.*?)\)/g;

/** `npm run build:package`: what `npm pack` publishes, compiled into lib/ from nothing, so that no file of an older build stays. */
rmSync(LIB, { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });

const modules = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => join(LIB, name));

// Our one such name is a package's and has no ending to rewrite; bundlers warn of the helper's `this`.
for (const file of modules) {
  const code = readFileSync(file, 'utf8');
  if (HELPER.test(code)) writeFileSync(file, code.replace(HELPER, '').replaceAll(HELPED, '$1'));
}

// Documentation is in the declarations, and the code is minified module by module, in lines that a stack can point into. A module with
// comments that bundlers go by keeps its form: esbuild drops those with the blanks.
const asking = new Set(modules.filter((file) => /@vite-ignore|webpackIgnore/.test(readFileSync(file, 'utf8'))));
await rewrite([...asking], {});
await rewrite(
  modules.filter((file) => !asking.has(file)),
  { minify: true, lineLimit: 120 },
);

const declarations = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
pruneDeclarations(
  Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [] : join(ROOT, entry.types))),
  declarations.map((name) => join(LIB, name)),
);

// `babylon-agents init` copies these files as they are.
cpSync(join(ROOT, 'template'), join(LIB, 'template'), { recursive: true });

/** Lets esbuild write modules again, in place. */
async function rewrite(entryPoints: string[], options: BuildOptions): Promise<void> {
  const inPlace = { entryPoints, outdir: LIB, outbase: LIB, allowOverwrite: true };
  await build({ ...inPlace, ...options, charset: 'utf8', logLevel: 'warning', tsconfigRaw: '{}' });
}
