import { aName, listOf, type OptionRule, type OptionRules, optional, requireOptions } from '../core/options.ts';

/** Checks the options of a sensor or actuator; throws, with its name, if one is unknown or invalid. */
export function requirePartOptions<T extends { readonly name?: string }>(
  kind: 'Sensor' | 'Actuator',
  defaultName: string,
  options: T,
  rules: Omit<OptionRules<T>, 'name'>,
): T {
  const name = typeof options?.name === 'string' ? options.name : defaultName;
  return requireOptions(`${kind} "${name}"`, options, { ...rules, name: optional(aName) } as OptionRules<T>);
}

/** A node, from any copy of Babylon. */
export const aNode: OptionRule = (value) =>
  has(value, 'getWorldMatrix') ? undefined : 'a node of the scene, such as a mesh';

/** Babylon's tags, which it separates by spaces. */
export const someTags: OptionRule = listOf("a list of tags without spaces, such as ['goal', 'wall']", (tag) =>
  typeof tag === 'string' && /^\S+$/.test(tag) ? undefined : 'a tag',
);

/** Constraints of Babylon's physics, one for each joint. */
export const someJoints: OptionRule = listOf('a list of physics constraints', (joint) =>
  has(joint, 'getBodiesUsingConstraint') ? undefined : 'a constraint',
);

function has(value: unknown, method: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>> | undefined | null)?.[method] === 'function';
}
