import { cpSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './project.ts';

/** The files of the guide "Add agents to your scene", and the scene that it begins with. */
const GUIDE = join(ROOT, 'docs', 'snippets', 'yard-game');
const SCENE = join(ROOT, 'demo-scenes', 'beacon-yard');

/** Vite's configuration of the guide, for both of its pages at once. */
const BOTH_PAGES = `import { mergeConfig } from 'vite';
import config from './vite.config.ts';

export default mergeConfig(config, { build: { rolldownOptions: { input: ['index.html', 'train.html'] } } });
`;

/** What came of the guide's steps in a terminal. */
export interface YardProject {
  readonly folder: string;
  /** what the compiler has to say of a project as Vite's template makes it */
  readonly types: string;
  /** what training printed as JSON, after some updates */
  readonly trained: { readonly environment: string; readonly decisions: number; readonly policy: string };
}

/**
 * Follows the guide in a folder below an installed project, whose packages it finds: types, a short training by the
 * command line, its policy where the game looks for it, and a build of both pages.
 */
export async function makeYardProject(installed: string): Promise<YardProject> {
  const folder = join(installed, 'yard');
  cpSync(GUIDE, folder, { recursive: true });
  for (const file of ['scene.ts', 'yard.glb']) cpSync(join(SCENE, file), join(folder, 'src', file));
  renameSync(join(folder, 'tsconfig.guide.json'), join(folder, 'tsconfig.json')); // there it would hide the repository's own
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'vite.both.config.ts'), BOTH_PAGES);
  const types = await run(folder, join(ROOT, 'node_modules', '.bin', 'tsc'));
  const short = ['--areas', '8', '--max-decisions', '4096', '--json'];
  const printed = await run(folder, 'npx', '--no-install', 'babylon-agents', 'train', 'beacon-yard', ...short);
  const trained = JSON.parse(printed);
  mkdirSync(join(folder, 'public'));
  cpSync(join(folder, trained.policies[0].policyPath), join(folder, 'public', 'policy.safetensors'));
  await run(folder, 'npx', '--no-install', 'vite', 'build', '--config', 'vite.both.config.ts', '--logLevel', 'warn');
  return { folder, types, trained };
}
