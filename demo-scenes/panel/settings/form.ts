import type { ParameterSettings } from '../../../plugin/index.ts';
import {
  requireSettings,
  TRAINING_DEFAULTS,
  type TrainingPreset,
  type TrainingSettings,
} from '../../../plugin/training.ts';
import { FIELDS, type FieldSpec } from './fields.ts';

/** What stands in a field: text as typed, or whether it is ticked. */
export type Entry = string | boolean;

/**
 * Every field's entry. An environment's parameter `mass` is called `parameters.mass`, samplers and lessons stand there as
 * JSON; so do the settings of one of several policies in `policies.goalie`, where it has some of its own.
 */
export type Entries = Readonly<Record<string, Entry>>;

/** What train() is told. */
export type RunSettings = Partial<TrainingSettings> & { until?: number };

/** The settings whose every entry has a field, and how that is read. */
const KEYED = { parameters: parameterOf, policies: policySettingsOf } as const;
type Keyed = keyof typeof KEYED;

/** The form as an environment's author fills it in. */
export function presetEntries(preset: TrainingPreset, parameters: ParameterSettings): Entries {
  return settingsEntries({ ...TRAINING_DEFAULTS, ...preset }, preset.until ?? null, parameters);
}

/** The form as a run has it; parameters that the run did not override stand as the environment has them. */
export function settingsEntries(
  settings: TrainingSettings,
  goal: number | null,
  parameters: ParameterSettings,
): Entries {
  const values = { ...settings, until: goal !== null && Number.isFinite(goal) ? goal : '' };
  const entries = FIELDS.map(
    (field) => [field.name, entryOf(field, values[field.name as keyof typeof values])] as const,
  );
  const own = Object.entries({ ...parameters, ...settings.parameters }).map(
    ([name, value]) => [`parameters.${name}`, JSON.stringify(value)] as const,
  );
  return Object.fromEntries<Entry>([...entries, ...own]);
}

/** What a form has besides where there are several policies: the settings that each has of its own. */
export function policyEntries(names: readonly string[], policies: TrainingSettings['policies'] = {}): Entries {
  if (names.length < 2) return {};
  const textOf = (name: string) => (Object.hasOwn(policies, name) ? JSON.stringify(policies[name]) : '');
  return Object.fromEntries(names.map((name) => [`policies.${name}`, textOf(name)]));
}

/** The names that a form has fields for: of the environment's parameters, or of its policies. */
export function namesIn(entries: Entries, setting: Keyed): string[] {
  const prefix = `${setting}.`;
  return Object.keys(entries)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}

/** The environment's parameters as a sound form has them. */
export function parametersOf(entries: Entries): ParameterSettings {
  return valuesIn(entries, 'parameters') as ParameterSettings;
}

/** What is wrong with each field, in the library's words; empty when nothing is. */
export function findMistakes(entries: Entries): Readonly<Record<string, string>> {
  const mistakes: Record<string, string> = {};
  for (const [name, entry] of Object.entries(entries)) {
    const mistake = mistakeOf(name, entry);
    if (mistake) mistakes[name] = mistake;
  }
  return mistakes;
}

/** The settings of a form that differ from the preset's, and its goal: `Infinity` where the person wants none. */
export function settingsOf(entries: Entries, preset: Entries): RunSettings {
  const differs = ([name, entry]: [string, Entry]) => name !== 'until' && entry !== preset[name];
  const changed = Object.fromEntries(Object.entries(entries).filter(differs));
  const settings = Object.entries(changed)
    .filter(([name]) => keyOf(name) === undefined)
    .map(([name, entry]) => [name, readEntry(requireField(name), entry)]);
  const keyed = (Object.keys(KEYED) as Keyed[])
    .map((setting) => [setting, valuesIn(changed, setting)] as const)
    .filter(([, values]) => Object.keys(values).length > 0);
  return {
    ...Object.fromEntries(settings),
    ...Object.fromEntries(keyed),
    until: entries.until === '' ? Number.POSITIVE_INFINITY : Number(entries.until),
  };
}

function mistakeOf(name: string, entry: Entry): string | undefined {
  if (name === 'until') {
    return entry === '' || Number.isFinite(Number(entry))
      ? undefined
      : `The goal is "${entry}". It must be a number, or empty.`;
  }
  const setting = keyOf(name);
  const given = setting
    ? { [setting]: valuesIn({ [name]: entry }, setting) }
    : { [name]: readEntry(requireField(name), entry) };
  try {
    requireSettings(given as Partial<TrainingSettings>); // whatever was typed: finding out is its job
    return undefined;
  } catch (error) {
    return (error as Error).message.replace('[agents] ', '');
  }
}

/** The setting of whose entries a field is one. */
function keyOf(name: string): Keyed | undefined {
  return (Object.keys(KEYED) as Keyed[]).find((setting) => name.startsWith(`${setting}.`));
}

/** What was typed for each entry of a setting. */
function valuesIn(entries: Entries, setting: Keyed): Readonly<Record<string, unknown>> {
  const read = KEYED[setting];
  return Object.fromEntries(namesIn(entries, setting).map((name) => [name, read(entries[`${setting}.${name}`])]));
}

function requireField(name: string): FieldSpec {
  return FIELDS.find((field) => field.name === name)!;
}

function entryOf({ kind }: FieldSpec, value: unknown): Entry {
  if (typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return String(value);
  if (kind === 'list') return value.join(', ');
  return value.length === 0 ? '' : JSON.stringify(value);
}

function readEntry({ kind }: FieldSpec, entry: Entry): unknown {
  if (kind === 'number') return numberOf(entry);
  if (kind !== 'list' && kind !== 'json') return entry;
  const text = String(entry).trim();
  if (text === '') return [];
  return kind === 'json' ? parsed(text) : text.split(/\s*[,\s]\s*/).map(numberOf);
}

/** The number, sampler or lessons that were typed; what is none of them stays text, for the message to quote. */
function parameterOf(entry: Entry): unknown {
  const text = String(entry).trim();
  return text.startsWith('{') ? parsed(text) : numberOf(text);
}

/** The settings that a policy has of its own; none where nothing was typed. */
function policySettingsOf(entry: Entry): unknown {
  const text = String(entry).trim();
  return text === '' ? {} : parsed(text);
}

/** What is no JSON stays text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The number that was typed; what is none stays text, for the message to quote. */
function numberOf(entry: Entry): number | string {
  const text = String(entry).trim();
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
