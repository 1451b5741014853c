import { fingerprint } from '../plugin/core/fingerprint.ts';
import { Random } from '../plugin/core/random.ts';
import type { CollectedRollout, EpisodeTerms, LivedRollout, WorldRequest } from '../plugin/train/worker-protocol.ts';
import type { HeadlessWorld } from './headless-world.ts';
import { PolicyRecorder } from './policy-recorder.ts';

/** Collects rollouts: T decisions of every agent of a world, acted by copies of their policies. */
export class RolloutCollector {
  readonly #world: HeadlessWorld;
  readonly #request: WorldRequest;
  /** of every policy, in the order of the request */
  readonly #recorders: readonly PolicyRecorder[];
  #policyMs = 0;

  constructor(world: HeadlessWorld, request: WorldRequest, shared: boolean) {
    this.#world = world;
    this.#request = request;
    const { policies, horizon } = request;
    this.#recorders = policies.map((policy) => new PolicyRecorder(world, policy, horizon, shared));
  }

  /**
   * Collects T decisions with `weights`, one vector for each policy; `seeds` fixes the chance in choosing actions, `terms`
   * what episodes begin with.
   */
  collect(weights: readonly Float32Array[], seeds: readonly number[], terms?: EpisodeTerms): CollectedRollout {
    const began = performance.now();
    const { horizon } = this.#request;
    const { clock, environment } = this.#world;
    const physicsBefore = this.#world.physicsMs;
    this.#policyMs = 0;
    if (terms) this.#world.setTerms(terms);
    this.#recorders.forEach((recorder, p) => {
      recorder.begin(weights[p]);
    });
    const random = new Random(...seeds);
    for (let t = 0; t < horizon; t++) {
      this.#observe(t);
      this.#choose(t, random);
      this.#live(t);
    }
    clock.observe();
    const trace = this.#trace();
    return {
      policies: this.#recorders.map((recorder) => recorder.finish()),
      physicsSteps: horizon * environment.decisionPeriod * clock.areas.length,
      times: {
        totalMs: performance.now() - began,
        physicsMs: this.#world.physicsMs - physicsBefore,
        policyMs: this.#policyMs,
      },
      fingerprint: trace,
      notices: this.#world.notices.take(),
    };
  }

  /**
   * Replays earlier rollouts from the start of this world. Sensors are read as they were then: reading
   * them updates nodes' matrices, and what Babylon derives from those must come out the same to the last bit.
   *
   * @returns the fingerprint of each
   */
  replay(history: readonly LivedRollout[]): readonly number[] {
    return history.map(({ actions, terms }) => {
      this.#world.setTerms(terms);
      for (let t = 0; t < this.#request.horizon; t++) {
        this.#observe(t);
        for (let p = 0; p < actions.length; p++) this.#recorders[p].replay(t, actions[p]);
        this.#live(t);
      }
      this.#world.observe();
      return this.#trace();
    });
  }

  /** Fingerprint of the rollout just collected. */
  #trace(): number {
    return fingerprint(this.#recorders.flatMap((recorder) => recorder.trace));
  }

  /** Reads the sensors into row t. */
  #observe(t: number): void {
    this.#world.observe();
    for (const recorder of this.#recorders) recorder.observe(t);
  }

  /** Chooses the actions of row t, policy after policy from one stream of chance. */
  #choose(t: number, random: Random): void {
    const began = performance.now();
    for (const recorder of this.#recorders) recorder.choose(t, random);
    this.#policyMs += performance.now() - began;
  }

  /** Holds the chosen actions, and records what came of them in row t. */
  #live(t: number): void {
    this.#world.step();
    for (const recorder of this.#recorders) recorder.record(t);
    this.#world.restart();
  }
}
