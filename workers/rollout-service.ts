import * as Comlink from 'comlink';
import { AgentsError } from '../plugin/core/errors.ts';
import { valuesOf } from '../plugin/core/parameters.ts';
import { rolloutTransferables } from '../plugin/core/rollout.ts';
import { loadHavok } from '../plugin/scene/havok.ts';
import type {
  CheckRequest,
  CollectedRollout,
  EnvironmentDescription,
  EpisodeSummary,
  EpisodeTerms,
  EvaluationRequest,
  LivedRollout,
  RolloutService,
  WorldRequest,
} from '../plugin/train/worker-protocol.ts';
import { type EnvironmentCatalog, loadPreset, requireEnvironment } from './catalog.ts';
import { checkEnvironment } from './check/check-environment.ts';
import { evaluatePolicies } from './evaluate-policies.ts';
import { HeadlessWorld } from './headless-world.ts';
import { holdNodePlatform } from './node-platform.ts';
import { RolloutCollector } from './rollout-collector.ts';
import { memoryIsShared } from './shared-memory.ts';

/** What a worker needs from its platform beyond the language. */
export interface WorkerPlatform {
  /** Havok's WebAssembly file, where it does not lie beside the script: its bytes or its address */
  readonly havokWasm?: ArrayBuffer | string;
}

/** Serves the environments of a catalog to a trainer. */
export class CatalogRolloutService implements RolloutService {
  readonly #catalog: EnvironmentCatalog;
  readonly #platform: WorkerPlatform;
  #world: HeadlessWorld | undefined;
  #collector: RolloutCollector | undefined;

  constructor(catalog: EnvironmentCatalog, platform: WorkerPlatform) {
    this.#catalog = catalog;
    this.#platform = platform;
    holdNodePlatform(); // before any environment is loaded, and for good: the thread is ours
  }

  names(): readonly string[] {
    return Object.keys(this.#catalog);
  }

  async describe(names: readonly string[] = this.names()): Promise<readonly EnvironmentDescription[]> {
    const described: EnvironmentDescription[] = [];
    for (const name of names) described.push(await this.#describe(name));
    return described;
  }

  async prepare(environment: string): Promise<void> {
    await Promise.all([requireEnvironment(this.#catalog, environment), loadHavok(this.#platform.havokWasm)]);
  }

  async open(request: WorldRequest): Promise<void> {
    this.#closeWorld();
    const environment = await requireEnvironment(this.#catalog, request.environment);
    const { areas: count, firstArea: first, seeds, stagger, terms } = request;
    const options = { count, first, seeds, stagger, ...terms };
    this.#world = await HeadlessWorld.create(environment, options, this.#platform.havokWasm);
    this.#collector = new RolloutCollector(this.#world, request, memoryIsShared());
  }

  collect(weights: readonly Float32Array[], seeds: readonly number[], terms?: EpisodeTerms): CollectedRollout {
    const collected = this.#requireOpen().collect(weights, seeds, terms);
    return Comlink.transfer(
      collected,
      collected.policies.flatMap(({ rollout }) => rolloutTransferables(rollout)),
    );
  }

  replay(history: readonly LivedRollout[]): readonly number[] {
    return this.#requireOpen().replay(history);
  }

  async evaluate(request: EvaluationRequest): Promise<readonly EpisodeSummary[]> {
    const environment = await requireEnvironment(this.#catalog, request.environment);
    const { parameters = {} } = await loadPreset(this.#catalog, request.environment);
    const whole = { ...request, parameters: { ...valuesOf(parameters), ...request.parameters } };
    return evaluatePolicies(environment, whole, this.#platform.havokWasm);
  }

  async check({ environment: name, ...options }: CheckRequest): Promise<readonly string[]> {
    const environment = await requireEnvironment(this.#catalog, name);
    return checkEnvironment(environment, { ...options, wasm: this.#platform.havokWasm });
  }

  #closeWorld(): void {
    if (!this.#world) return;
    this.#world.dispose();
    this.#world = undefined;
    this.#collector = undefined;
    globalThis.gc?.(); // V8 would let old worlds lie around for as long as its heap is small
  }

  #requireOpen(): RolloutCollector {
    if (this.#collector) return this.#collector;
    throw new AgentsError('collect() came before open(). Open an environment first.');
  }

  async #describe(name: string): Promise<EnvironmentDescription> {
    const environment = await requireEnvironment(this.#catalog, name);
    const world = await HeadlessWorld.create(environment, { count: 1 }, this.#platform.havokWasm);
    try {
      const { timeStep, decisionPeriod, frames, maxDecisions, parameters } = environment;
      const spacing = environment.createScene ? null : environment.spacing;
      const { policyRows, areas } = world.clock;
      const policies = policyRows.map(({ policy, layout, agents }) => ({
        name: policy,
        layout,
        agentsPerArea: agents.length,
        agents: agents.map(({ label }) => label),
      }));
      const training = await loadPreset(this.#catalog, name);
      const agentsPerArea = areas[0].agents.length;
      const facts = { timeStep, decisionPeriod, ...(frames && { frames }), maxDecisions, spacing, parameters };
      return { name, policies, agentsPerArea, ...facts, training };
    } finally {
      world.dispose();
    }
  }
}
