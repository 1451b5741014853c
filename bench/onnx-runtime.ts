import * as ort from 'onnxruntime-web';
import { TENSOR } from '../plugin/onnx/actor-names.ts';
import { exportOnnx } from '../plugin/onnx/export-onnx.ts';
import { readModel } from '../plugin/onnx/read-model.ts';
import { nodesBehind } from '../plugin/onnx/walk-graph.ts';
import { writeModel } from '../plugin/onnx/write-model.ts';
import type { Policy } from '../plugin/policy/policy.ts';

ort.env.wasm.numThreads = 1;

/** Decides for a batch, again and again. */
export interface RuntimePolicy {
  /** [rows, C] after the batch of `observation` [rows, O] that it was opened with */
  decide(): Promise<Float32Array>;
}

/**
 * How onnxruntime is used. 'documented': the exported file as it is, a tensor made for every decision, all outputs taken.
 * 'lean': the file cut down to what its deterministic actions depend on, and one tensor that is made once: as fast as it gets.
 */
export type RuntimeUse = 'documented' | 'lean';

/** A policy with continuous actions in onnxruntime-web (wasm, one thread). */
export async function openInRuntime(
  policy: Policy,
  observation: Float32Array,
  use: RuntimeUse,
): Promise<RuntimePolicy> {
  const lean = use === 'lean';
  const session = await ort.InferenceSession.create(lean ? leanModel(policy) : exportModel(policy));
  const createTensor = () => {
    return new ort.Tensor('float32', observation, [
      observation.length / policy.sizes.observation,
      policy.sizes.observation,
    ]);
  };
  const first = createTensor();
  return {
    async decide() {
      const { [TENSOR.certainContinuous]: actions } = await session.run({ obs_0: lean ? first : createTensor() });
      return actions.data as Float32Array;
    },
  };
}

function exportModel(policy: Policy): Uint8Array {
  return exportOnnx(policy, { observations: 'joined' });
}

function leanModel(policy: Policy): Uint8Array {
  const model = readModel(exportModel(policy), 'The export');
  const outputs = model.graph.outputs.filter(({ name }) => name === TENSOR.certainContinuous);
  const nodes = nodesBehind(model.graph, [TENSOR.certainContinuous]);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const initializers = model.graph.initializers.filter(({ name }) => used.has(name));
  return writeModel({ ...model, graph: { ...model.graph, nodes, initializers, outputs } });
}
