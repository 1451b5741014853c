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

/** Every field's entry; an environment's parameter `mass` is called `parameters.mass`, samplers and lessons stand there as JSON. */
export type Entries = Readonly<Record<string, Entry>>;

/** What train() is told. */
export type RunSettings = Partial<TrainingSettings> & { until?: number };

const PARAMETER = 'parameters.';

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
  const entries = FIELDS.map(({ name }) => [name, entryOf(values[name as keyof typeof values])] as const);
  const own = Object.entries({ ...parameters, ...settings.parameters }).map(
    ([name, value]) => [PARAMETER + name, typeof value === 'number' ? String(value) : JSON.stringify(value)] as const,
  );
  return Object.fromEntries<Entry>([...entries, ...own]);
}

/** The names of an environment's parameters in a form. */
export function parameterNames(entries: Entries): string[] {
  return Object.keys(entries)
    .filter((name) => name.startsWith(PARAMETER))
    .map((name) => name.slice(PARAMETER.length));
}

/** The environment's parameters as a sound form has them. */
export function parametersOf(entries: Entries): ParameterSettings {
  const values = parameterNames(entries).map((name) => [name, parameterOf(entries[PARAMETER + name])]);
  return Object.fromEntries(values) as ParameterSettings;
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
  const changed = Object.entries(entries).filter(([name, entry]) => name !== 'until' && entry !== preset[name]);
  const parameters = parametersOf(Object.fromEntries(changed));
  const settings = changed
    .filter(([name]) => !name.startsWith(PARAMETER))
    .map(([name, entry]) => [name, readEntry(requireField(name), entry)]);
  return {
    ...Object.fromEntries(settings),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    until: entries.until === '' ? Number.POSITIVE_INFINITY : Number(entries.until),
  };
}

function mistakeOf(name: string, entry: Entry): string | undefined {
  if (name === 'until') {
    return entry === '' || Number.isFinite(Number(entry))
      ? undefined
      : `The goal is "${entry}". It must be a number, or empty.`;
  }
  const given = name.startsWith(PARAMETER)
    ? { parameters: { [name.slice(PARAMETER.length)]: parameterOf(entry) } }
    : { [name]: readEntry(requireField(name), entry) };
  try {
    requireSettings(given as Partial<TrainingSettings>); // whatever was typed: finding out is its job
    return undefined;
  } catch (error) {
    return (error as Error).message.replace('[agents] ', '');
  }
}

function requireField(name: string): FieldSpec {
  return FIELDS.find((field) => field.name === name)!;
}

function entryOf(value: unknown): Entry {
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function readEntry({ kind }: FieldSpec, entry: Entry): unknown {
  if (kind === 'number') return numberOf(entry);
  if (kind !== 'list') return entry;
  const text = String(entry).trim();
  return text === '' ? [] : text.split(/\s*[,\s]\s*/).map(numberOf);
}

/** The number, sampler or lessons that were typed; what is none of them stays text, for the message to quote. */
function parameterOf(entry: Entry): unknown {
  const text = String(entry).trim();
  if (!text.startsWith('{')) return numberOf(text);
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
