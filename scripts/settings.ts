import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { AgentsError } from '../plugin/core/errors.ts';
import { checkGoal } from '../plugin/train/option-schema.ts';
import { requireSettings, TRAINING_DEFAULTS } from '../plugin/train/settings.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['plugin/train/settings.ts', 'plugin/learn/settings.ts'].map((file) => join(ROOT, file));

/** A setting of training as its declaration has it: form, guide and reference show no other words. */
export interface Setting {
  readonly name: string;
  /** one sentence: the first of its doc comment */
  readonly about: string;
  readonly unit?: string;
  /** undefined: none */
  readonly default?: unknown;
  /** ends the sentence "It must be …", as the check does that refuses other values */
  readonly rule: string;
  /** how it is typed in; a list of numbers has no brackets */
  readonly kind: 'number' | 'list' | 'json' | 'choice' | 'flag';
  readonly choices?: readonly string[];
}

/** Every setting, and `until`: sentence and unit from the doc comments, default and rule from the code that applies them. */
export function readSettings(): readonly Setting[] {
  const settings = SOURCES.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(DECLARED)].map(describe));
  const missing = Object.keys(TRAINING_DEFAULTS).filter((name) => !settings.some((setting) => setting.name === name));
  if (missing.length > 0) throw new Error(`These settings have no doc comment: ${missing.join(', ')}.`);
  return settings;
}

const DECLARED = /^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}readonly (\w+)\??: /gm;

function describe([, comment, name]: RegExpMatchArray): Setting {
  const [text, unit] = comment
    .replaceAll(/\n\s*\*/g, '\n')
    .split('@unit')
    .map((part) => part.trim().replaceAll(/\s+/g, ' '));
  const value = TRAINING_DEFAULTS[name as keyof typeof TRAINING_DEFAULTS];
  const rule = ruleOf(name);
  const choices = rule.startsWith('one of ') ? rule.slice('one of '.length).split(', ') : undefined;
  return {
    name,
    about: /^.*?\.(?= |$)/.exec(text)?.[0] ?? text,
    rule,
    kind: kindOf(value, choices),
    ...(unit && { unit }),
    ...(value !== undefined && { default: value }),
    ...(choices && { choices }),
  };
}

function kindOf(value: unknown, choices: unknown): Setting['kind'] {
  if (choices) return 'choice';
  if (typeof value === 'boolean') return 'flag';
  if (Array.isArray(value) && value.length > 0) return 'list';
  return typeof value === 'object' ? 'json' : 'number';
}

/** What the check says of a value that is none. */
function ruleOf(name: string): string {
  try {
    if (name === 'until') checkGoal(null);
    else requireSettings({ [name]: null });
  } catch (error) {
    if (AgentsError.is(error)) return error.message.replace(/^.*It must be (.*)\.$/s, '$1');
    throw error;
  }
  throw new Error(`Setting "${name}" takes null.`);
}

/** Gives pages the settings, as `import { settings } from 'virtual:settings'`. */
export function settingsModule(): Plugin {
  return {
    name: 'settings',
    resolveId: { filter: { id: /^virtual:settings$/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0virtual:settings$/ },
      handler() {
        for (const file of SOURCES) this.addWatchFile(file);
        return `export const settings = ${JSON.stringify(readSettings())};`;
      },
    },
  };
}

/** The settings as a table of Markdown. */
export function settingsTable(): string {
  const rows = readSettings().map((setting) => {
    const { name, unit = '', rule, about } = setting;
    const value = setting.default === undefined ? '–' : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${name}\` | ${value} | ${unit} | ${rule} | ${about} |`;
  });
  return ['| setting | default | unit | must be | what it is |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

/** The page with the table, between these marks. */
export const PAGE = join(ROOT, 'docs', 'settings.md');
export const MARKS = /(?<=<!-- settings -->\n)[\s\S]*(?=<!-- settings end -->)/;

if (process.argv[1] === import.meta.filename)
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(MARKS, () => settingsTable()),
  );
