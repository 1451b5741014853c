import { messageOf } from '../core/errors.ts';
import type { AgentLayout } from '../core/layout.ts';
import { valuesOf } from '../core/parameters.ts';
import { initializeWeights } from '../learn/initialize.ts';
import { CurriculumProgress } from './curriculum.ts';
import { settingsOf, specsOf } from './run-settings.ts';
import { settingsOfPolicy, type TrainingSettings } from './settings.ts';
import type { RunEvidence } from './watch/evidence.ts';
import { EvidenceCollector } from './watch/evidence-collector.ts';
import { type Enough, RULES } from './watch/rules.ts';
import { type CreateWorker, WorkerHandle } from './worker-handle.ts';
import type { CollectedRollout, EnvironmentDescription, EpisodeTerms } from './worker-protocol.ts';

/** Areas that are opened at most, T of a rollout, and decisions of all agents that are enough. */
const AREAS = 16;
const HORIZON = 64;
const DECISIONS = 4096;
const MOST_ROLLOUTS = 64;
/** What rules are judged by: a run sees more of them, and is warned then. */
const ENOUGH: Enough = { decisions: 2000, mostDecisions: 2000, episodes: 50, samples: 50 };

/** What agents of one policy did, with its initial weights. */
export interface CheckedPolicy {
  readonly name: string;
  readonly layout: AgentLayout;
  /** what to call each of an area's agents */
  readonly agents: readonly string[];
  /** floats that never changed, by sensor */
  readonly constant: readonly { readonly sensor: string; readonly size: number; readonly indices: readonly number[] }[];
  /** of a decision; null if there was none */
  readonly reward: { readonly least: number; readonly most: number } | null;
  readonly episodes: number;
  /** of an episode, undiscounted; null if none ended */
  readonly return: { readonly least: number; readonly most: number } | null;
}

/** What an environment costs one rollout worker. */
export interface CheckedCost {
  readonly areas: number;
  readonly decisions: number;
  readonly decisionsPerSecond: number;
  /** share of the time spent in Havok's steps */
  readonly physics: number;
  /** approximate MB of each area; null if the platform does not report it */
  readonly megabytes: number | null;
}

/** What checkEnvironment() found. */
export interface CheckReport {
  readonly environment: string;
  /** null if it could not be built */
  readonly description: EnvironmentDescription | null;
  readonly policies: readonly CheckedPolicy[];
  /** null if it could not be run */
  readonly cost: CheckedCost | null;
  /** in sentences, each with what to do */
  readonly oddities: readonly string[];
}

/** Runs an environment in a worker for a few seconds, with random actions and then as at the start of training, and reports oddities. Errors are oddities as well. */
export async function checkEnvironment(environment: string, createWorker: CreateWorker): Promise<CheckReport> {
  const worker = new WorkerHandle('Worker', createWorker);
  const check = new Check(environment, createWorker, worker);
  try {
    await check.run();
  } catch (error) {
    check.note(messageOf(error).replace('[agents] ', ''));
  } finally {
    worker.dispose();
  }
  return check.report;
}

class Check {
  readonly #environment: string;
  readonly #createWorker: CreateWorker;
  readonly #worker: WorkerHandle;
  readonly #oddities = new Set<string>();
  #description: EnvironmentDescription | null = null;
  #policies: readonly CheckedPolicy[] = [];
  #cost: CheckedCost | null = null;

  constructor(environment: string, createWorker: CreateWorker, worker: WorkerHandle) {
    this.#environment = environment;
    this.#createWorker = createWorker;
    this.#worker = worker;
  }

  get report(): CheckReport {
    return {
      environment: this.#environment,
      description: this.#description,
      policies: this.#policies,
      cost: this.#cost,
      oddities: [...this.#oddities],
    };
  }

  note(oddity: string): void {
    this.#oddities.add(oddity);
  }

  async run(): Promise<void> {
    const environment = this.#environment;
    const [description] = await this.#worker.call((services) => services.rollout.describe([environment]));
    this.#description = description;
    this.#policies = description.policies.map((policy) => ({ ...policy, ...UNSEEN }));
    const settings = settingsOf(description, { createWorker: this.#createWorker }, undefined);
    const { lessons } = new CurriculumProgress(settings.parameters);
    const terms = { parameters: valuesOf(settings.parameters, lessons), stage: 0 };
    const request = { environment, seed: settings.seed, parameters: terms.parameters };
    for (const oddity of await this.#worker.call((services) => services.rollout.check(request))) this.note(oddity);
    await this.#beginToTrain(description, settings, terms);
  }

  /** Collects rollouts with first policies, as a run does before its first update. */
  async #beginToTrain(
    description: EnvironmentDescription,
    settings: TrainingSettings,
    terms: EpisodeTerms,
  ): Promise<void> {
    const specs = specsOf(description, settings);
    const areas = Math.min(settings.areas, AREAS);
    const policies = specs.map((spec) => ({ spec, ...settingsOfPolicy(settings, spec.name) }));
    const weights = policies.map(({ spec, initialLogDeviation }) =>
      initializeWeights(spec, settings.seed, initialLogDeviation),
    );
    const before = residentMegabytes();
    await this.#worker.call((services) =>
      services.rollout.open({
        ...{ environment: description.name, areas, firstArea: 0, seeds: [settings.seed], stagger: false, terms },
        ...{ policies: policies.map(({ spec, discount, lambda }) => ({ spec, discount, lambda })), horizon: HORIZON },
      }),
    );
    const rollouts: CollectedRollout[] = [];
    const collectors = this.#collectors(description, settings, areas);
    const each = HORIZON * areas * description.agentsPerArea;
    const count = Math.min(MOST_ROLLOUTS, Math.max(2, Math.ceil(DECISIONS / each)));
    for (let i = 0; i < count; i++) {
      const collected = await this.#worker.call((services) => services.rollout.collect(weights, [settings.seed, i]));
      collectors.forEach((collector, p) => void collector.addRollouts([collected.policies[p]]));
      for (const notice of collected.notices) this.note(notice);
      rollouts.push(collected);
    }
    const after = residentMegabytes();
    this.#policies = collectors.map(({ evidence }, p) => describePolicy(evidence, description.policies[p].agents));
    this.#cost = costOf(rollouts, areas, before === null || after === null ? null : (after - before) / areas);
    for (const { evidence } of collectors) this.#judge(evidence, collectors.length > 1);
  }

  #collectors(
    { policies, maxDecisions, agentsPerArea }: EnvironmentDescription,
    settings: TrainingSettings,
    areas: number,
  ): readonly EvidenceCollector[] {
    return policies.map(
      ({ name, layout, agentsPerArea: own }) =>
        new EvidenceCollector({
          ...{ name, layout, settings: settingsOfPolicy(settings, name), agents: areas * own, maxDecisions },
          ...{ resumed: false, lessons: Object.keys(settings.parameters).length > 0, alone: agentsPerArea === 1 },
        }),
    );
  }

  #judge(evidence: RunEvidence, several: boolean): void {
    for (const { check } of RULES) {
      const message = check({ ...evidence, lessonsPending: evidence.lessons }, ENOUGH);
      if (message) this.note(several ? `Policy "${evidence.name}": ${message}` : message);
    }
  }
}

const UNSEEN = { constant: [], reward: null, episodes: 0, return: null };

function describePolicy(evidence: RunEvidence, agents: readonly string[]): CheckedPolicy {
  const { name, layout, reward, episodes, return: returns, decisions } = evidence;
  return {
    ...{ name, layout, agents, episodes, constant: listConstant(evidence) },
    reward: decisions > 0 ? reward : null,
    return: episodes > 0 ? returns : null,
  };
}

/** The sensors with floats that never changed, and which. */
function listConstant({ constant, layout }: RunEvidence): CheckedPolicy['constant'] {
  let at = 0;
  return layout.sensors.flatMap(({ name: sensor, size }) => {
    const indices = Array.from({ length: size }, (_, i) => i).filter((i) => constant[at + i] === 1);
    at += size;
    return indices.length > 0 ? [{ sensor, size, indices }] : [];
  });
}

function costOf(rollouts: readonly CollectedRollout[], areas: number, megabytes: number | null): CheckedCost {
  const sum = (read: (rollout: CollectedRollout) => number) => rollouts.reduce((total, one) => total + read(one), 0);
  return {
    ...{ areas, megabytes, decisions: sum(decisionsOf) },
    decisionsPerSecond: (1000 * sum(decisionsOf)) / sum(({ times }) => times.totalMs),
    physics: sum(({ times }) => times.physicsMs) / sum(({ times }) => times.totalMs),
  };
}

function decisionsOf({ policies }: CollectedRollout): number {
  return policies.reduce((total, policy) => total + policy.decisions, 0);
}

/** MB that the process holds, in Node. */
function residentMegabytes(): number | null {
  const process: { memoryUsage?: () => { readonly rss: number } } | undefined = globalThis.process;
  return process?.memoryUsage ? process.memoryUsage().rss / 1e6 : null;
}
