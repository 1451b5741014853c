import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import type { ActuatorLayout } from '../core/layout.ts';
import { type Moments, RunningStatistics } from '../core/running-statistics.ts';
import { show } from '../policy/json-shape.ts';
import type { PolicySpec } from '../policy/policy.ts';

/** The mirror image of a sensor; anything omitted stays as it is. */
export interface MirroredSensor {
  /** the sensor that takes its place, of equal size: the right one in place of the left one */
  readonly from?: string;
  /** for each float, the index of the source sensor's float that takes its place */
  readonly order?: readonly number[];
  /** floats that change sign */
  readonly flip?: readonly number[];
}

/** The same for an actuator; `order` and `flip` apply to its continuous actions. */
export interface MirroredActuator extends MirroredSensor {
  /** for each branch, and each of its choices, the choice that takes its place */
  readonly choices?: readonly (readonly number[])[];
}

/** How a task looks in a mirror. Sensors and actuators that are not named stay as they are. */
export interface MirrorImage {
  /** by the sensor’s name */
  readonly sensors?: Readonly<Record<string, MirroredSensor>>;
  /** by the actuator’s name */
  readonly actuators?: Readonly<Record<string, MirroredActuator>>;
}

/** Entry i of an image is `sign[i]` times entry `from[i]` of the original. */
export interface SignedOrder {
  readonly from: Int32Array;
  readonly sign: Float32Array;
}

/** An image in terms of a policy's rows. */
export interface Mirror {
  /** [O] */
  readonly observation: SignedOrder;
  /** [C] */
  readonly continuous: SignedOrder;
  /** [M] where the image has each choice of each branch */
  readonly choiceTo: Int32Array;
}

/** What a policy's agents observe and do, first unchanged and then in each mirror. Throws if an image does not fit the agents. */
export function createMirrors(spec: PolicySpec, images: readonly MirrorImage[]): readonly Mirror[] {
  const plain = createMirror(spec, {}, 'mirrors');
  const mirrors = images.map((image, i) => {
    const mirror = createMirror(spec, image, `mirrors.${i}`);
    if (JSON.stringify(mirror) === JSON.stringify(plain))
      throw new AgentsError(
        `Setting "mirrors.${i}" of policy "${spec.name}" changes nothing. Name what differs in the mirror, or omit it.`,
      );
    return mirror;
  });
  return [plain, ...mirrors];
}

/** The moments of the observations in all mirrors together. */
export function mirrorMoments(mirrors: readonly Mirror[], { count, mean, squares }: Moments): Moments {
  const seen = new RunningStatistics(mean.length);
  for (const { observation } of mirrors) {
    const { from, sign } = observation;
    seen.merge({
      count,
      mean: mean.map((_, i) => sign[i] * mean[from[i]]),
      squares: squares.map((_, i) => squares[from[i]]),
    });
  }
  return seen.moments();
}

function createMirror(
  { name, layout }: PolicySpec,
  { sensors = {}, actuators = {} }: MirrorImage,
  path: string,
): Mirror {
  const observed = layout.sensors.map((sensor) => ({ name: sensor.name, continuous: sensor.size, branches: [] }));
  const seen = matchParts(observed, sensors, { policy: name, path: `${path}.sensors` });
  const done = matchParts(layout.actuators, actuators, { policy: name, path: `${path}.actuators` });
  return { observation: orderFloats(seen), continuous: orderFloats(done), choiceTo: orderChoices(done) };
}

/** A sensor or actuator, and the one that takes its place; `at` is where the latter's floats begin, `choicesAt` its choices. */
interface Match {
  readonly image: MirroredActuator;
  readonly from: ActuatorLayout;
  readonly at: number;
  readonly choicesAt: number;
}

/** The location of an image in the settings. */
interface ImagePlace {
  readonly policy: string;
  readonly path: string;
}

function matchParts(
  parts: readonly ActuatorLayout[],
  images: Readonly<Record<string, MirroredActuator>>,
  place: ImagePlace,
): readonly Match[] {
  const names = parts.map(({ name }) => name);
  const unknown = Object.keys(images).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw refuse(place, `names "${unknown}"`, `name only ${names.join(', ')}`, didYouMean(unknown, names));
  const matches = parts.map((part) => {
    const image = Object.hasOwn(images, part.name) ? images[part.name] : {};
    const within = { ...place, path: `${place.path}.${part.name}` };
    const from = requireAlike(parts, part, image.from, within);
    requireOrders(part, image, within);
    const before = parts.slice(0, parts.indexOf(from));
    const at = sum(before.map(({ continuous }) => continuous));
    return { image, from, at, choicesAt: sum(before.flatMap(({ branches }) => branches)) };
  });
  const seen = matches.map(({ from }) => from.name);
  const unseen = names.find((name) => !seen.includes(name));
  if (unseen !== undefined)
    throw refuse(place, `never shows "${unseen}"`, 'show each one once, as itself or through `from`');
  return matches;
}

function requireAlike(
  parts: readonly ActuatorLayout[],
  part: ActuatorLayout,
  from: string | undefined,
  place: ImagePlace,
): ActuatorLayout {
  const shape = ({ continuous, branches }: ActuatorLayout) => `${continuous} ${branches.join()}`;
  const alike = parts.filter((other) => shape(other) === shape(part));
  const found = alike.find(({ name }) => name === (from ?? part.name));
  if (found) return found;
  throw refuse(
    place,
    `is from ${show(from)}`,
    `be from one of equal size: ${alike.map(({ name }) => name).join(', ')}`,
  );
}

function requireOrders(part: ActuatorLayout, { order, flip = [], choices }: MirroredActuator, place: ImagePlace): void {
  if (order) requirePermutation(order, part.continuous, { ...place, path: `${place.path}.order` });
  if (new Set(flip).size < flip.length || flip.some((i) => i >= part.continuous))
    throw refuse(place, `flips ${show(flip)}`, `flip distinct integers below ${part.continuous}`);
  if (!choices) return;
  if (choices.length !== part.branches.length)
    throw refuse(place, `has choices for ${choices.length} branches`, `have them for ${part.branches.length}`);
  choices.forEach((choice, b) => {
    requirePermutation(choice, part.branches[b], { ...place, path: `${place.path}.choices.${b}` });
  });
}

function requirePermutation(order: readonly number[], size: number, place: ImagePlace): void {
  if (order.length === size && new Set(order).size === size && order.every((i) => i < size)) return;
  throw refuse(place, `is ${show(order)}`, `contain each integer below ${size} once`);
}

function refuse({ policy, path }: ImagePlace, is: string, must: string, meant = ''): AgentsError {
  return new AgentsError(`Setting "${path}" of policy "${policy}" ${is}. It must ${must}.${meant}`);
}

function orderFloats(matches: readonly Match[]): SignedOrder {
  const from: number[] = [];
  const sign: number[] = [];
  for (const { image, from: part, at } of matches) {
    for (let i = 0; i < part.continuous; i++) {
      from.push(at + (image.order?.[i] ?? i));
      sign.push(image.flip?.includes(i) ? -1 : 1);
    }
  }
  return { from: Int32Array.from(from), sign: Float32Array.from(sign) };
}

function orderChoices(matches: readonly Match[]): Int32Array {
  const to: number[] = [];
  let at = 0;
  for (const { image, from, choicesAt } of matches) {
    let source = choicesAt;
    from.branches.forEach((size, b) => {
      for (let choice = 0; choice < size; choice++) to[source + (image.choices?.[b][choice] ?? choice)] = at++;
      source += size;
    });
  }
  return Int32Array.from(to);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
