import { CallbackMisuse } from '../core/callback-error.ts';
import { AgentsError } from '../core/errors.ts';
import type { ActuatorLayout } from '../core/layout.ts';
import { describeValue } from '../core/options.ts';
import { refusePromise } from '../core/synchronous.ts';
import type { Actuator } from './actuator.ts';
import type { Sensor } from './sensor.ts';
import { bitsOf, UNWRITTEN } from './unwritten.ts';

/*
 * What parts write is checked at calls 1, 2, 4, 8 …, which costs nothing in the long run and still catches rare faults.
 * The part is called once, as usual, but into a separate buffer with a margin on both sides.
 */

/** Entries before and after a part's own that it must not write to. */
const MARGIN = 32;
/** What the margins of a mask hold. */
const GUARD = 0xa5;

/** Whether the call of this number, counted from 1, is checked. */
export function isProofDue(call: number): boolean {
  return (call & (call - 1)) === 0;
}

/** Lets a sensor write its `size` floats to `out` at `offset`; throws if it writes fewer or more. */
export function proveObservation(sensor: Sensor, size: number, out: Float32Array, offset: number): void {
  const room = new Float32Array(size + 2 * MARGIN);
  const bits = bitsOf(room, 0, room.length).fill(UNWRITTEN);
  const returned: unknown = sensor.observe(room, MARGIN);
  if (returned !== undefined) refusePromise(returned);
  const outside = indicesOf(bits, (value, i) => value !== UNWRITTEN && (i < MARGIN || i >= MARGIN + size));
  if (outside.length > 0) throw wroteOutside(outside, size, 'floats');
  const left = indicesOf(bits, (value, i) => value === UNWRITTEN && i >= MARGIN && i < MARGIN + size);
  const missing = left.length > 0 ? left : indicesBuiltOn(sensor, room, size);
  if (missing.length > 0) throw leftStanding(missing, size, returned === room ? undefined : returned);
  for (let i = 0; i < size; i++) out[offset + i] = room[MARGIN + i];
}

/** Lets an actuator mask its choices in `out` at `offset`; throws if it writes anything but 0 and 1, or elsewhere. */
export function proveMask(actuator: Actuator, branches: readonly number[], out: Uint8Array, offset: number): void {
  const size = branches.reduce((sum, choices) => sum + choices, 0);
  const room = new Uint8Array(size + 2 * MARGIN).fill(GUARD).fill(1, MARGIN, MARGIN + size);
  const returned: unknown = actuator.mask?.(room, MARGIN);
  if (returned !== undefined) refusePromise(returned);
  const outside = indicesOf(room, (value, i) => value !== GUARD && (i < MARGIN || i >= MARGIN + size));
  if (outside.length > 0) throw wroteOutside(outside, size, 'choices');
  if (Array.isArray(returned) || (ArrayBuffer.isView(returned) && returned.buffer !== room.buffer))
    throw new CallbackMisuse(
      `returned ${describeValue(returned)}, which nobody reads`,
      'Write 0 to out[offset + i] for every choice i that it forbids.',
    );
  const odd = room.findIndex((value, i) => value > 1 && i >= MARGIN && i < MARGIN + size);
  if (odd >= 0)
    throw new CallbackMisuse(
      `wrote ${room[odd]} for choice ${odd - MARGIN} of its ${size}`,
      'Write 0 for what it forbids, and leave the 1 of all others.',
    );
  for (let i = 0; i < size; i++) out[offset + i] = room[MARGIN + i];
}

/** Throws if an actuator changed `action[offset … offset + given.length)`, which is held for several steps. */
export function requireUntouched(action: Float32Array, offset: number, given: Float32Array): void {
  const changed = given.findIndex((value, i) => !Object.is(action[offset + i], value));
  if (changed < 0) return;
  throw new CallbackMisuse(
    `changed entry ${changed} of its agent's action from ${given[changed]} to ${action[offset + changed]}`,
    'The action is held for several steps and belongs to all actuators: write what you compute elsewhere.',
  );
}

/** The error for a sensor whose size no longer matches its agent's layout. */
export function resizedSensor({ name, size }: Sensor, before: number): AgentsError {
  return new AgentsError(`Sensor "${name}" has size ${size}, and had ${before} when its agent was attached. ${KEEP}`);
}

/** The error for an actuator whose actions no longer match its agent's layout. */
export function resizedActuator({ name, continuous, branches }: Actuator, before: ActuatorLayout): AgentsError {
  return new AgentsError(
    `Actuator "${name}" takes ${continuous} continuous actions and branches [${branches}], and took ${before.continuous} and [${before.branches}] when its agent was attached. ${KEEP}`,
  );
}

const KEEP = 'Keep that as it is from construction on: layouts and policies depend on it.';

/** The indices of NaNs that come from the previous content, as with `+=`. */
function indicesBuiltOn(sensor: Sensor, room: Float32Array, size: number): number[] {
  const suspects = indicesOf(room, (value, i) => Number.isNaN(value) && i >= MARGIN && i < MARGIN + size);
  if (suspects.length === 0) return suspects;
  const again = new Float32Array(room.length);
  sensor.observe(again, MARGIN);
  return suspects.filter((i) => !Number.isNaN(again[i]));
}

function leftStanding(missing: readonly number[], size: number, returned: unknown): CallbackMisuse {
  const set = size - missing.length;
  const places = list(missing.map((i) => String(i - MARGIN)));
  const what =
    set === 0 ? `set none of its ${size} floats` : `set ${set} of its ${size} floats, and not index ${places}`;
  const gave = returned === undefined ? '' : `, and returned ${describeValue(returned)}`;
  return new CallbackMisuse(
    `${what}${gave}`,
    `What stood there before would count. Assign each of out[offset … offset + ${size}) at every call, 0 where there is nothing to say${set > 0 ? `, or make its size ${set}` : ''}.`,
  );
}

function wroteOutside(outside: readonly number[], size: number, what: string): CallbackMisuse {
  const places = list(outside.map((i) => (i < MARGIN ? `out[${i}]` : `out[offset + ${i - MARGIN}]`)));
  const behind = outside.at(-1)! - MARGIN + 1;
  const remedy = outside[0] < MARGIN ? 'begin at offset, which is not 0' : `or declare ${behind} of them`;
  return new CallbackMisuse(
    `wrote ${places}, outside of its ${size} ${what}`,
    `These belong to others. Write to out[offset … offset + ${size}) only, ${remedy}.`,
  );
}

function list(places: readonly string[]): string {
  return places.length > 3 ? `${places.slice(0, 3).join(', ')} …` : places.join(', ');
}

function indicesOf(values: ArrayLike<number>, test: (value: number, index: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (test(values[i], i)) found.push(i);
  return found;
}
