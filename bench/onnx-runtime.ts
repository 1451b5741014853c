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
 * A policy with continuous actions in onnxruntime-web (wasm, one thread), at its best: the export less everything but
 * `deterministic_continuous_actions`, since a session computes all outputs whichever are fetched, and the input made once.
 */
export async function openInRuntime(policy: Policy, observation: Float32Array): Promise<RuntimePolicy> {
  const rows = observation.length / policy.sizes.observation;
  const session = await ort.InferenceSession.create(leanModel(policy), { graphOptimizationLevel: 'all' });
  const feeds = { obs_0: new ort.Tensor('float32', observation, [rows, policy.sizes.observation]) };
  return {
    async decide() {
      const { [TENSOR.certainContinuous]: actions } = await session.run(feeds);
      return actions.data as Float32Array;
    },
  };
}

function leanModel(policy: Policy): Uint8Array {
  const model = readModel(exportOnnx(policy, { observations: 'joined' }), 'The export');
  const outputs = model.graph.outputs.filter(({ name }) => name === TENSOR.certainContinuous);
  const nodes = nodesBehind(model.graph, [TENSOR.certainContinuous]);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const initializers = model.graph.initializers.filter(({ name }) => used.has(name));
  return writeModel({ ...model, graph: { ...model.graph, nodes, initializers, outputs } });
}
