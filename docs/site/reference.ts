import { join } from 'node:path';
import {
  Application,
  Converter,
  type DeclarationReflection,
  Logger,
  LogLevel,
  OptionDefaults,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc';
import manifest from '../../package.json' with { type: 'json' };
import tsconfig from '../../tsconfig.json' with { type: 'json' };
import { arrangeDocument, DOCUMENTS, LOOKS } from './documents.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The source of every entry of the package, by the name that it is imported by. */
export const ENTRIES: ReadonlyMap<string, string> = new Map(
  Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => {
      const name = manifest.name + entry.slice(1);
      return [name, join(ROOT, tsconfig.compilerOptions.paths[name as keyof typeof tsconfig.compilerOptions.paths][0])];
    }),
);

/** Types that public ones mention and that nobody outside makes or reads, with the reason. */
const OPAQUE = {
  'of a checkpoint: resuming reads it, people do not': [
    'WorldFacts',
    'CurriculumState',
    'PoolHistory',
    'RolloutOrder',
    'ProgressState',
    'LearnerState',
  ],
  'the clock makes them': ['Area', 'ClockOptions'],
  'as much of Worker of node:worker_threads as is used': ['NodeWorker'],
  'for training': ['ForwardPass'],
  'services of Babylon’s Inspector': ['ShellService', 'PropertiesService', 'SelectionService', 'SceneContext'],
  'listed where it is used': ['ByParameter', 'Declared'],
};

/** What TypeDoc reads, and what it complains of. */
const OPTIONS: TypeDocOptions = {
  logLevel: LogLevel.Warn,
  blockTags: [...OptionDefaults.blockTags, '@unit'],
  tsconfig: join(import.meta.dirname, 'tsconfig.json'),
  entryPoints: [...ENTRIES.values()],
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  skipErrorChecking: true, // `npm run types` does that
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  intentionallyNotExported: Object.values(OPAQUE).flat(),
  requiredToBeDocumented: [
    'Module',
    'Variable',
    'Function',
    'Class',
    'Interface',
    'Property',
    'Method',
    'Accessor',
    'TypeAlias',
  ],
};

/** A class, function, type or constant that an entry exports. */
export interface Export {
  readonly entry: string;
  readonly name: string;
  readonly kind: 'class' | 'other';
  /** its doc comment, without block tags */
  readonly text: string;
}

/** What the doc comments of the package come to. */
export interface Reference {
  readonly exports: readonly Export[];
  /** missing comments, dead links, types that are mentioned and not exported */
  readonly complaints: readonly string[];
  /** Writes the site: the documents, and a page for each export. */
  write(folder: string): Promise<void>;
}

/** Reads all documents, and all exports of the package with their doc comments. */
export async function readReference(): Promise<Reference> {
  const complaints: string[] = [];
  const app = await Application.bootstrap({
    ...OPTIONS,
    ...LOOKS,
    readme: join(ROOT, 'README.md'),
    projectDocuments: DOCUMENTS,
  });
  app.logger = new Collector(complaints);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => arrangeDocument(document));
  const project = await app.convert();
  if (!project) throw new Error(`The reference cannot be made:\n${complaints.join('\n')}`);
  const names = [...ENTRIES.keys()];
  project.getReflectionsByKind(ReflectionKind.Module).forEach((module, i) => {
    module.name = names[i];
  });
  app.validate(project);
  const exports = project.children?.flatMap(exportsOf) ?? [];
  return { exports, complaints, write: (path) => app.generateDocs(project, path) };
}

function exportsOf({ name: entry, children = [] }: DeclarationReflection): readonly Export[] {
  return children.map((child) => {
    const comment = child.comment ?? child.signatures?.[0].comment; // that of a function is on its signatures
    const text = comment?.summary.map((part) => part.text).join('') ?? '';
    return { entry, name: child.name, kind: child.kind === ReflectionKind.Class ? 'class' : 'other', text };
  });
}

/** Keeps what TypeDoc complains of, and says nothing. */
class Collector extends Logger {
  readonly #complaints: string[];

  constructor(complaints: string[]) {
    super();
    this.#complaints = complaints;
  }

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.#complaints.push(message);
  }
}
