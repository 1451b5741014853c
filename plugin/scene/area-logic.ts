import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import { describeValue } from '../core/options.ts';
import type { AreaLogic } from './environment.ts';

/** Names that other engines use for a callback after each step. */
const OTHER_WORDS = ['step', 'update', 'fixedupdate', 'tick'];

/**
 * Throws, naming `who`, unless an environment's build() returned valid callbacks. If reset or afterStep is missing, a
 * function with a similar name counts as a typo, since it would silently never be called. Other members are allowed.
 */
export function requireLogic(who: string, logic: AreaLogic): void {
  const given = typeof logic === 'object' && logic !== null ? logic : undefined;
  requireFunction(who, 'reset', given?.reset);
  requireFunction(who, 'afterStep', given?.afterStep);
  if (given && !given.reset) refuseLookalike(who, given, 'reset');
  if (!given?.reset) throw new AgentsError(`${who} returned no reset(random) from build(). Return an object with it.`);
  if (!given.afterStep) refuseLookalike(who, given, 'afterStep');
}

function requireFunction(who: string, name: keyof AreaLogic, value: unknown): void {
  if (value === undefined || value === null || typeof value === 'function') return;
  throw new AgentsError(`${who} returned ${name} ${describeValue(value)} from build(). It must be a function.`);
}

function refuseLookalike(who: string, logic: object, wanted: keyof AreaLogic): void {
  const slip = functionsOf(logic).find((name) => isLike(name, wanted));
  if (slip === undefined) return;
  throw new AgentsError(`${who} returned ${slip}() from build(), which is never called. Did you mean "${wanted}"?`);
}

function isLike(name: string, wanted: keyof AreaLogic): boolean {
  const bare = name.replace(/^_|^on(?=[A-Z_])/, '');
  if (didYouMean(bare, [wanted])) return true;
  return wanted === 'afterStep' && OTHER_WORDS.includes(bare.toLowerCase());
}

/** Names of the functions of an object and of its classes. */
function functionsOf(logic: object): string[] {
  const names = new Set<string>();
  for (let at = logic; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && name !== 'constructor') names.add(name);
  }
  return [...names];
}
