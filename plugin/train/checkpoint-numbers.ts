import { AgentsError } from '../core/errors.ts';
import type { TensorData, TensorFile } from '../policy/safetensors.ts';

/** The tensors of a checkpoint, each as what it must be. */
export class CheckpointNumbers {
  /** names the checkpoint in errors */
  readonly who: string;
  readonly #tensors: TensorFile['tensors'];

  constructor(tensors: TensorFile['tensors'], who: string) {
    this.#tensors = tensors;
    this.who = who;
  }

  /** Checked numbers: of this kind, finite, and `size` of them if it is given. */
  take<T extends TensorData>(name: string, kind: new (size: number) => T, size?: number): T {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw refuseCheckpoint(this.who, `lacks "${name}"`);
    const { data } = tensor;
    if (!(data instanceof kind) || data.length !== (size ?? data.length))
      throw refuseCheckpoint(
        this.who,
        `holds "${name}" as ${data.constructor.name} [${data.length}] and not as ${kind.name} [${size ?? 'any'}]`,
      );
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i])) throw refuseCheckpoint(this.who, `holds ${data[i]} in "${name}"`);
    return data;
  }
}

export function refuseCheckpoint(who: string, why: string, cause?: unknown): AgentsError {
  return new AgentsError(`${who} ${why}. Start the run again.`, { cause });
}
