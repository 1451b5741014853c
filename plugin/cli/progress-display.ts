import { SingleBar } from 'cli-progress';
import type { StartedEvent, TrainingEvent, UpdateEvent } from '../train/training-event.ts';

/** How often a line is printed where the stream is no terminal. */
const LINE_EVERY_MS = 5000;

/** Shows a run's progress: a live bar in a terminal, a line now and then elsewhere. */
export class ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar;
  #started: StartedEvent | undefined;
  #printedAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      stream,
      format: '{bar} {percentage}% │ {decisions} decisions │ return {meanReturn} │ {rate}/s │ {left} left at most',
      barCompleteChar: '━',
      barIncompleteChar: '╌',
      barsize: 24,
      fps: 5,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    });
  }

  show(event: TrainingEvent): void {
    switch (event.kind) {
      case 'started':
        return this.#begin(event);
      case 'update':
        return this.#update(event);
      case 'warning':
        return this.note(`Warning: ${event.message}`);
      case 'episode':
      case 'checkpoint':
      case 'finished':
        return;
      default:
        event satisfies never;
    }
  }

  /** Prints a line above the bar. */
  note(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[K`);
    this.#stream.write(`${text}\n`);
  }

  dispose(): void {
    this.#bar.stop();
  }

  #begin(started: StartedEvent): void {
    this.#started = started;
    const { environment, agents, workers, backend, backendReason, resumedFrom, settings, goal } = started;
    const resumed = resumedFrom === null ? '' : `, going on after update ${resumedFrom}`;
    this.note(
      `Training ${environment}: ${agents} agents in ${workers} workers, seed ${settings.seed}${resumed}.${goal === null ? '' : ` Goal: a mean return of ${goal}.`}`,
    );
    this.note(`Learner: ${backend} (${backendReason})`);
    if (this.#stream.isTTY)
      this.#bar.start(settings.maxDecisions, started.decisions, {
        decisions: '0',
        meanReturn: '–',
        rate: '–',
        left: '–',
      });
  }

  #update(event: UpdateEvent): void {
    const { maxDecisions } = (this.#started as StartedEvent).settings;
    const shown = {
      decisions: event.decisions.toLocaleString('en'),
      meanReturn: event.meanReturn?.toFixed(2) ?? '–',
      rate: Math.round(event.decisionsPerSecond).toLocaleString('en'),
      left: duration(Math.max(0, maxDecisions - event.decisions) / event.decisionsPerSecond),
    };
    if (this.#stream.isTTY) return this.#bar.update(event.decisions, shown);
    if (performance.now() - this.#printedAt < LINE_EVERY_MS) return;
    this.#printedAt = performance.now();
    this.note(
      `${shown.decisions} decisions, return ${shown.meanReturn}, ${shown.rate} decisions/s, ${shown.left} left at most`,
    );
  }
}

/** `75 s`, `12 min`, `3 h 20 min` */
function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
