import * as ort from 'onnxruntime-web';
import type { SensorLayout } from '../../plugin/core/layout.ts';
import type { Policy } from '../../plugin/policy/policy.ts';

ort.env.wasm.numThreads = 1;

/** A model's outputs: numbers by name. */
export type Answers = Readonly<Record<string, readonly number[]>>;

/** A model in onnxruntime-web that takes observations as a policy does. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @param observation [rows, O], @param mask [rows, M] */
  run(observation: Float32Array, mask?: Uint8Array): Promise<Answers>;
}

/** The outputs of any model for inputs of the given shapes, by name. */
export async function runModel(
  file: Uint8Array,
  inputs: Readonly<Record<string, readonly [data: Float32Array, dims: readonly number[]]>>,
): Promise<Answers> {
  const session = await ort.InferenceSession.create(file);
  const feeds = Object.entries(inputs).map(([name, [data, dims]]) => [name, new ort.Tensor('float32', data, dims)]);
  const results = await session.run(Object.fromEntries(feeds));
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
  );
}

/** Opens the export of `policy`; its inputs are `sensors` in this order, each with its offset in the observation. */
export async function openSession(
  file: Uint8Array,
  { sizes }: Policy,
  inputs: readonly { readonly offset: number; readonly size: number }[],
): Promise<Session> {
  const session = await ort.InferenceSession.create(file);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(observation, mask) {
      const rows = observation.length / sizes.observation;
      const feeds: Record<string, ort.Tensor> = {};
      inputs.forEach(({ offset, size }, i) => {
        const column = (k: number) => observation[Math.floor(k / size) * sizes.observation + offset + (k % size)];
        const data = Float32Array.from({ length: rows * size }, (_, k) => column(k));
        feeds[`obs_${i}`] = new ort.Tensor('float32', data, [rows, size]);
      });
      const allowed = Float32Array.from(mask ?? new Uint8Array(rows * sizes.mask).fill(1));
      if (sizes.mask > 0) feeds.action_masks = new ort.Tensor('float32', allowed, [rows, sizes.mask]);
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
      );
    },
  };
}

/** The position of each sensor's floats, sorted by name as Unity sorts them: here, plain lower-case names. */
export function sortedInputs(sensors: readonly SensorLayout[]): { offset: number; size: number }[] {
  let offset = 0;
  const placed = sensors.map(({ name, size }) => {
    offset += size;
    return { name, size, offset: offset - size };
  });
  return placed.sort((a, b) => (a.name < b.name ? -1 : 1));
}
