import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { AgentsError, messageOf } from '../../core/errors.ts';

/** Makes a TensorFlow.js backend the current one; import its package first, which registers it. */
export async function openTfjs(name: 'webgpu' | 'wasm' | 'cpu'): Promise<void> {
  tf.enableProdMode();
  let cause: unknown;
  const opened = await tf.setBackend(name).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (opened) return;
  throw new AgentsError(
    `TensorFlow.js did not start its backend "${name}"${cause === undefined ? '' : `: ${messageOf(cause)}`}. Use another backend.`,
    { cause },
  );
}
