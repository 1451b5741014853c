import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

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

// Documentation is in the declarations. esbuild keeps the comments that bundlers go by, which `removeComments` does not.
await build({
  entryPoints: modules,
  outdir: LIB,
  outbase: LIB,
  allowOverwrite: true,
  charset: 'utf8',
  logLevel: 'warning',
  tsconfigRaw: '{}',
});
