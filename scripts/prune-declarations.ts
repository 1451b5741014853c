import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A declaration file as TypeScript writes it, cut into its statements; each begins in the first column. */
interface Declarations {
  readonly statements: readonly string[];
  /** statements by the name that they declare; overloads share one */
  readonly declared: ReadonlyMap<string, readonly string[]>;
  /** by local name: where it is from; those of packages have no file */
  readonly imported: ReadonlyMap<string, Source>;
  /** by exported name, of `export { … } from` */
  readonly passedOn: ReadonlyMap<string, Source>;
}

interface Source {
  readonly file: string | undefined;
  readonly name: string;
}

const START = /^(?:\/\*\*|(?:import|export|declare|abstract|interface|type)\b)/;
const LIST = /^(import|export)( type)? \{([\s\S]*)\} from ['"](.+)['"];/;
const NAMESPACE = /^import (?:type )?(?:\* as )?(\w+) from ['"](.+)['"];/;
const DECLARED = /^(?:export )?(?:declare )?(?:abstract )?(?:function|class|interface|type|const) (\w+)/;
const SPECIFIER = /(?:type )?(\w+)(?: as (\w+))?/;
const INLINE = /import\(['"](\..+?)['"]\)\.(\w+)/g;

/** Keeps of all declaration files what these entries lead to, name by name: the rest describes what nobody can import. */
export function pruneDeclarations(entries: readonly string[], files: readonly string[]): void {
  const parsed = new Map(files.map((file) => [file, parse(file)]));
  const wanted = new Map<string, Set<string>>();
  for (const file of entries) {
    const { declared, passedOn } = parsed.get(file) as Declarations;
    for (const name of [...declared.keys(), ...passedOn.keys()]) want(parsed, wanted, file, name);
  }
  for (const [file, declarations] of parsed) {
    const names = wanted.get(file);
    if (names) writeFileSync(file, render(declarations, names));
    else rmSync(file);
  }
}

function parse(file: string): Declarations {
  const statements = cut(readFileSync(file, 'utf8'));
  const declared = new Map<string, string[]>();
  const imported = new Map<string, Source>();
  const passedOn = new Map<string, Source>();
  for (const statement of statements) {
    const code = withoutComments(statement).trim();
    const list = LIST.exec(code);
    const namespace = NAMESPACE.exec(code);
    const name = DECLARED.exec(code)?.[1];
    if (list)
      for (const [, original, local = original] of specifiersOf(list[3]))
        (list[1] === 'import' ? imported : passedOn).set(local, { file: resolve(file, list[4]), name: original });
    else if (namespace) imported.set(namespace[1], { file: undefined, name: namespace[1] });
    else if (name) declared.set(name, [...(declared.get(name) ?? []), statement]);
    else if (!/^(import ['"].*|export \{\});$/.test(code))
      throw new Error(`${file}: nobody knows how to prune ${code}`);
  }
  return { statements, declared, imported, passedOn };
}

/** Statements with the comment before each. */
function cut(text: string): string[] {
  const statements: string[] = [];
  for (const line of text.split('\n')) {
    const last = statements.at(-1);
    if (START.test(line) && !(last && withoutComments(last).trim() === '')) statements.push(line);
    else if (last !== undefined) statements[statements.length - 1] = `${last}\n${line}`;
  }
  return statements;
}

/** Marks a name of a file, and all that its declaration mentions. */
function want(
  parsed: ReadonlyMap<string, Declarations>,
  wanted: Map<string, Set<string>>,
  file: string,
  name: string,
): void {
  const names = wanted.get(file) ?? new Set();
  wanted.set(file, names);
  if (names.has(name)) return;
  names.add(name);
  const { declared, imported, passedOn } = parsed.get(file) as Declarations;
  const source = imported.get(name) ?? passedOn.get(name);
  if (source?.file) want(parsed, wanted, source.file, source.name);
  const code = withoutComments((declared.get(name) ?? []).join('\n'));
  for (const [mentioned] of code.matchAll(/\w+/g))
    if (declared.has(mentioned) || imported.has(mentioned)) want(parsed, wanted, file, mentioned);
  for (const [, from, original] of code.matchAll(INLINE)) want(parsed, wanted, resolve(file, from) as string, original);
}

function render({ statements }: Declarations, names: ReadonlySet<string>): string {
  const kept = statements.map((statement) => {
    const code = withoutComments(statement).trim();
    const list = LIST.exec(code);
    if (list) {
      const specifiers = specifiersOf(list[3]).filter(([, original, local = original]) => names.has(local));
      if (specifiers.length === 0) return '';
      return `${list[1]}${list[2] ?? ''} { ${specifiers.map(([text]) => text).join(', ')} } from '${list[4]}';\n`;
    }
    const name = NAMESPACE.exec(code)?.[1] ?? DECLARED.exec(code)?.[1];
    return name === undefined || names.has(name) ? `${statement.trimEnd()}\n` : '';
  });
  return kept.join('');
}

const specifiersOf = (list: string) => [...list.matchAll(new RegExp(SPECIFIER, 'g'))];

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\/\*\*[\s\S]*$/m, '');

/** The declaration file of a relative import; undefined for one of a package. */
function resolve(file: string, target: string): string | undefined {
  return target.startsWith('.') ? join(dirname(file), target.replace(/\.(?:js|tsx?)$/, '.d.ts')) : undefined;
}
