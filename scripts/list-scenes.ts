import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CATALOG = 'demo-scenes/catalog.ts';

/** The scenes in a folder: every folder in it that has an `about.ts`, by name. */
export function findScenes(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'about.ts')))
    .sort();
}

/** The worker's catalog of these scenes. It is written out, because a bundler must see each import. */
export function formatCatalog(scenes: readonly string[]): string {
  const entries = scenes.map(
    (name) => `  ${/^\w+$/.test(name) ? name : `'${name}'`}: {
    environment: async () => (await import('./${name}/environment.ts')).${camelCase(name)},
    training: async () => (await import('./${name}/training.ts')).training,
  },
`,
  );
  return `import type { EnvironmentCatalog } from '../workers/index.ts';

/** Every demo scene, loaded on demand. Written by \`npm run scenes\` from the folders here. */
export const environments: EnvironmentCatalog = {
${entries.join('')}};
`;
}

/** A scene's name as that of a constant: `gridWorld` of grid-world. */
function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `npm run scenes`, after a scene was added, renamed or removed. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scenes = findScenes('demo-scenes');
  writeFileSync(CATALOG, formatCatalog(scenes));
  process.stdout.write(`${CATALOG}: ${scenes.join(', ')}\n`);
}
