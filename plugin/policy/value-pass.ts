import type { DenseWorkspace } from './dense.ts';
import { ForwardPass } from './forward-pass.ts';
import { BLOCK_ROWS, copyWeights } from './packed-network.ts';

/** A forward pass with the critic, which only training needs: a game that plays a policy does not load it. */
export class ValuePass extends ForwardPass {
  /** [rows] V(s) in units of reward */
  value = new Float32Array(0);

  /** Fills only `value`; requires a network with a critic. */
  evaluate(observation: Float32Array, rows: number): void {
    const workspace = this.ready(rows);
    for (let first = 0; first < rows; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - first);
      this.normalize(workspace.floats, observation, first, count);
      this.#takeValue(workspace.floats, this.run(workspace, this.packed.critic, count), first, count);
    }
  }

  /** Fills `value` along with the heads. */
  protected override takeHeads(workspace: DenseWorkspace, from: number, first: number, count: number): void {
    super.takeHeads(workspace, from, first, count);
    const { actor, critic } = this.packed;
    if (critic.length === 0) return;
    this.#takeValue(workspace.floats, critic === actor ? from : this.run(workspace, critic, count), first, count);
  }

  protected override copy(floats: Float32Array): void {
    super.copy(floats);
    const { actor, critic } = this.packed;
    if (critic !== actor) copyWeights(this.weights, critic, floats);
  }

  protected override reserve(rows: number): void {
    super.reserve(rows);
    this.value = new Float32Array(rows);
  }

  /** V = deviation · (w·h + b) + mean, of `count` rows */
  #takeValue(floats: Float32Array, from: number, first: number, count: number): void {
    const { critic, valueColumn } = this.packed;
    const width = critic[critic.length - 1].outputs;
    const mean = this.weights[2 * this.sizes.observation];
    const deviation = this.weights[2 * this.sizes.observation + 1];
    let at = from + valueColumn;
    for (let row = first; row < first + count; row++, at += width) this.value[row] = floats[at] * deviation + mean;
  }
}
