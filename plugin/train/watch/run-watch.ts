import { locateSensor } from '../../core/layout.ts';
import type { Lessons } from '../../core/parameters.ts';
import type { UpdateResult } from '../../learn/learner.ts';
import type { Outlier } from '../../learn/outliers.ts';
import { firstAreaOf } from '../rollout-pool.ts';
import type { RunParts } from '../run-parts.ts';
import { settingsOfPolicy } from '../settings.ts';
import type { CollectedPolicy } from '../worker-protocol.ts';
import { EvidenceCollector } from './evidence-collector.ts';
import type { RewardSpike } from './reward-tally.ts';
import { RULES } from './rules.ts';

/** An outlier this far from where its sensor's values usually are is worth a word: one of less is a small value that is rare. */
const LOUD = 1;

/** Watches one policy of a run for what it does in vain, and says each thing once. */
export class RunWatch {
  readonly #parts: RunParts;
  /** which policy */
  readonly #p: number;
  readonly #collector: EvidenceCollector;
  readonly #told = new Set<string>();
  /** of each parameter, when the session began */
  readonly #firstLessons: Lessons;

  constructor(parts: RunParts, p: number) {
    const { description, settings, trainers, checkpoint, curriculum } = parts;
    const { spec } = trainers[p];
    const { agentsPerArea } = description.policies[p];
    this.#parts = parts;
    this.#p = p;
    this.#firstLessons = curriculum.lessons;
    this.#collector = new EvidenceCollector({
      name: spec.name,
      layout: spec.layout,
      settings: settingsOfPolicy(settings, spec.name),
      agents: settings.areas * agentsPerArea,
      maxDecisions: description.maxDecisions,
      resumed: checkpoint !== undefined,
      lessons: Object.keys(curriculum.lessons).length > 0,
      alone: description.agentsPerArea === 1,
    });
  }

  /** Looks at an update's rollouts, one of each worker, before they are handed to the learner. */
  see(collected: readonly CollectedPolicy[]): void {
    this.#collector.addRollouts(collected);
  }

  /** Judges an update. Returns warnings for the user. */
  judge({ statistics, outliers }: UpdateResult): readonly string[] {
    const evidence = { ...this.#collector.addUpdate(statistics), lessonsPending: this.#lessonsPending };
    const messages: string[] = [];
    const tell = (name: string, message: string | undefined) => {
      if (message === undefined || this.#told.has(name)) return;
      this.#told.add(name);
      messages.push(this.#parts.trainers.length === 1 ? message : `Policy "${evidence.name}": ${message}`);
    };
    for (const outlier of outliers)
      if (Math.abs(outlier.value - outlier.center) >= LOUD)
        tell(`outlier ${this.#sensorOf(outlier).name}`, this.#describeOutlier(outlier));
    if (evidence.spike) tell('reward-spike', this.#describeSpike(evidence.spike));
    for (const { name, check } of RULES) if (!this.#told.has(name)) tell(name, check(evidence));
    return messages;
  }

  get #lessonsPending(): boolean {
    return this.#parts.curriculum.current.some(
      ({ parameter, number, count }) => number < count && number === this.#firstLessons[parameter] + 1,
    );
  }

  #sensorOf({ index }: Outlier): { readonly name: string; readonly index: number } {
    return locateSensor(this.#parts.trainers[this.#p].spec.layout, index);
  }

  #describeOutlier(outlier: Outlier): string {
    const { value, center, spread, count, rollout, entry } = outlier;
    const { name, index } = this.#sensorOf(outlier);
    const more = count > 1 ? `, and so in ${count} decisions of this update` : '';
    return `Sensor "${name}" of ${this.#nameAgent(rollout, entry)} wrote ${round(value)} at index ${index}${more}, where values are usually within ${round(center)} ± ${round(2 * spread)}. Such values are held back from the normalizer, and the policy sees them clipped. Check what makes it jump (a division by a small number, a body that flies off, a first decision before something is set), or clamp it in the sensor.`;
  }

  #describeSpike({ value, others, rollout, entry }: RewardSpike): string {
    return `A reward of ${round(value)} went to ${this.#nameAgent(rollout, entry)}, where others are about ${round(others)}. It drowns what others tell for many updates. Check what adds it, and keep the rewards of an episode around 1 to 100 in sum.`;
  }

  /** Whose an entry [t, n] of a worker's rollout is. */
  #nameAgent(worker: number, entry: number): string {
    const { description, settings } = this.#parts;
    const { agents } = description.policies[this.#p];
    const first = firstAreaOf(worker, settings);
    const rows = (firstAreaOf(worker + 1, settings) - first) * agents.length;
    const n = entry % rows;
    return `${agents[n % agents.length]} in area ${first + Math.floor(n / agents.length)}`;
  }
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
