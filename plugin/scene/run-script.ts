import { AgentsError } from '../core/errors.ts';
import { anObject, type OptionRules, optional, requireOptions } from '../core/options.ts';

/** Options of {@link runScript}. */
export interface ScriptOptions {
  /** an expression for the result, evaluated in the script: `scene`, `createScene()`, `[scene, player]` */
  readonly result: string;
  /** global variables to set before the script runs, such as `{ BABYLON, HavokPhysics }` */
  readonly globals?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a page's script, as `<script src>` does, and returns its result, such as a scene; awaits a promise. Each run has its
 * own declarations. In training it needs the environment's `browser: true`.
 *
 * @param address the script's address: `new URL('./game.js', import.meta.url)`
 */
export async function runScript<T>(address: string | URL, options: ScriptOptions): Promise<T> {
  const { result, globals = {} } = requireOptions('runScript()', options, RULES);
  const page = globalThis.window as (typeof globalThis)['window'] | undefined;
  if (!page)
    throw new AgentsError(
      `runScript("${address}") needs a page, and a worker has none. Set \`browser: true\` in defineEnvironment(), and call it in createScene().`,
    );
  const code = await load(String(address));
  Object.assign(page, globals);
  // A script finds its names in `window`. In one line with the script's first, so that its line numbers stay.
  const run = `(function () { with (window) { ${code}\nreturn (${result}); } })\n//# ${SOURCE}=${address}`;
  // biome-ignore lint/security/noGlobalEval: what the page runs as it is, in the mode and the scope of scripts
  return await (globalThis.eval(run) as () => T | Promise<T>)();
}

/** By parts, or loaders of modules without a bundler take it for this file's own. */
const SOURCE = 'sourceURL';

async function load(address: string): Promise<string> {
  const answer = await fetch(address);
  if (answer.ok) return await answer.text();
  throw new AgentsError(
    `runScript("${address}") found no script: ${answer.status} ${answer.statusText}. Give it the script's address, such as new URL('./game.js', import.meta.url).`,
  );
}

const RULES: OptionRules<ScriptOptions> = {
  result: (value) => (typeof value === 'string' && value !== '' ? undefined : 'an expression, such as "scene"'),
  globals: optional(anObject),
};
