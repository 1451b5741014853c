import type { TrainingRecord } from '../plugin/index.ts';
import type { SceneAbout } from './about.ts';
import type { Theme, View } from './view.ts';

/** What the page knows about an environment besides its entry in the catalog. */
export interface DemoScene {
  /** in the catalog */
  readonly name: string;
  readonly title: string;
  /** one sentence */
  readonly about: string;
  /** addresses of the pictures made by `npm run pictures` */
  readonly pictures: Readonly<Record<Theme, string>>;
  /** addresses of the trained policies that the demo ships: one for each policy that its agents name */
  readonly policyPaths: readonly string[];
  /** what training reached with that policy, read from its file when the page is built */
  readonly record: TrainingRecord | undefined;
  /** address of a game that a person plays against the policy; its agents learned from one another, so returns say little */
  readonly game?: string;
  view(): Promise<View>;
}

const abouts = import.meta.glob<SceneAbout>('./*/about.ts', { eager: true, import: 'about' });
const views = import.meta.glob<View>('./*/view.ts', { import: 'view' });
const pictures = import.meta.glob<string>('./*/picture-*.webp', { eager: true, query: '?url', import: 'default' });
const policies = import.meta.glob<string>('./**/*.safetensors', { eager: true, query: '?url', import: 'default' });
const records = import.meta.glob<TrainingRecord | undefined>('./**/*.safetensors', {
  eager: true,
  query: '?record',
  import: 'record',
});

/** The scenes that the page shows: every folder with an `about.ts`, by name. */
export const scenes: readonly DemoScene[] = Object.entries(abouts)
  .map(([file, about]) => gatherScene(file.slice(0, -'/about.ts'.length), about))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

function gatherScene(folder: string, { title, sentence, game, policies: files }: SceneAbout): DemoScene {
  return {
    name: folder.slice('./'.length),
    title,
    about: sentence,
    pictures: { light: pictures[`${folder}/picture-light.webp`], dark: pictures[`${folder}/picture-dark.webp`] },
    policyPaths: files.map((file) => policies[`${folder}/${file}`]),
    record: records[`${folder}/${files[0]}`],
    ...(game !== undefined && { game }),
    view: views[`${folder}/view.ts`],
  };
}
