import { formatDuration, ProgressBar } from '../../plugin/cli/progress-bar.ts';
import type { PlannedRun } from './run-all.ts';
import type { TrainedRun } from './train-once.ts';

/** What is said of a run that is done. */
export type RunOutcome = Pick<TrainedRun, 'meanReturn' | 'decisions' | 'seconds' | 'failure'>;

/** Shows how far many training runs are: a line for each that is done and, in a terminal, a live bar. */
export class RunsDisplay {
  readonly #bar: ProgressBar<Record<'runs' | 'rate' | 'left', string>>;
  readonly #runs: number;
  readonly #decisions: number;
  readonly #began = performance.now();
  #runsDone = 0;
  #decisionsDone = 0;
  /** those that runs that failed will never make */
  #decisionsLost = 0;

  constructor(stream: NodeJS.WriteStream, plans: readonly PlannedRun[]) {
    this.#runs = plans.length;
    this.#decisions = plans.reduce((sum, { settings }) => sum + settings.maxDecisions, 0);
    this.#bar = new ProgressBar(stream, '{runs} runs │ {rate} decisions/s │ {left} left');
    this.#bar.start(this.#decisions, 0, this.#shown());
  }

  /** What a run is to call with its decisions so far. */
  follow({ settings }: PlannedRun): (decisions: number) => void {
    let before = 0;
    return (decisions) => {
      this.#decisionsDone += Math.min(decisions, settings.maxDecisions) - before;
      before = Math.min(decisions, settings.maxDecisions);
      this.#bar.update(this.#decisionsDone + this.#decisionsLost, this.#shown());
    };
  }

  finished({ title, settings }: PlannedRun, { meanReturn, decisions, seconds, failure }: RunOutcome): void {
    this.#runsDone++;
    this.#decisionsLost += Math.max(0, settings.maxDecisions - decisions);
    const { runs, left } = this.#shown();
    const outcome = `mean return ${meanReturn.toFixed(2)} in ${formatDuration(seconds)}`;
    this.note(`${runs}  ${title}: ${outcome}${failure ? `, failed: ${failure}` : ''} (${left} left)`);
  }

  /** Prints a line above the bar. */
  note(text: string): void {
    this.#bar.note(text);
  }

  dispose(): void {
    this.#bar.dispose();
  }

  #shown() {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = this.#decisionsDone / seconds;
    const left = this.#decisions - this.#decisionsDone - this.#decisionsLost;
    return {
      runs: `${this.#runsDone}/${this.#runs}`,
      rate: Math.round(rate).toLocaleString('en'),
      left: rate > 0 ? formatDuration(left / rate) : '–',
    };
  }
}
