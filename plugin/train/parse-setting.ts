import type { GenericSchema } from 'valibot';
import { AgentsError } from '../core/errors.ts';
import { settingSchema, type TrainingPreset } from './settings.ts';

/** Settings as a command line gives them, one by one. */
export type GivenSettings = Partial<TrainingPreset>;

/**
 * Adds a setting in text: `learningRate=1e-3`, `hidden=128,128`, `policies.striker.epochs=3`, `parameters.gravity=-3.7`.
 * The text becomes a value of the setting's type. requireSettings() refuses names and values that do not fit.
 */
export function addSetting(text: string, before: GivenSettings = {}): GivenSettings {
  const at = text.indexOf('=');
  const path = splitPath(text.slice(0, Math.max(at, 0)));
  if (path.some((name) => name === '' || name === '__proto__'))
    throw new AgentsError(`Setting "${text}" has no name and value. Write it as learningRate=1e-3 or hidden=128,128.`);
  return withEntry(before, path, parseValue(settingSchema(path), text.slice(at + 1)));
}

/** The name of a policy or parameter may itself contain dots. */
function splitPath(name: string): readonly string[] {
  const [first, ...rest] = name.split('.');
  if (first === 'parameters' && rest.length > 0) return [first, rest.join('.')];
  if (first === 'policies' && rest.length > 1) return [first, rest.slice(0, -1).join('.'), rest.at(-1) as string];
  return rest.length === 0 ? [first] : [name];
}

function withEntry(object: object, [name, ...rest]: readonly string[], value: unknown): object {
  const before = Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
  return { ...object, [name]: rest.length === 0 ? value : withEntry((before as object) ?? {}, rest, value) };
}

/** The text as the setting's type; as it is where it is none, for the setting's rule to refuse. */
function parseValue(schema: GenericSchema | undefined, text: string): unknown {
  switch (schema?.type) {
    case 'number':
      return numberOf(text);
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'picklist':
      return text;
    case 'array':
      if (text.startsWith('[')) return jsonOf(text);
      return text === '' ? [] : text.split(',').map(numberOf);
    default:
      return jsonOf(text);
  }
}

function numberOf(text: string): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

function jsonOf(text: string): unknown {
  const number = numberOf(text);
  if (typeof number === 'number') return number;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
