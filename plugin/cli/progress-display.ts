import type { LessonEvent, StartedEvent, TrainingEvent, UpdateEvent } from '../train/training-event.ts';
import { formatDuration, ProgressBar } from './progress-bar.ts';

/** How often a line is printed if the stream is not a terminal. */
const LINE_EVERY_MS = 5000;

/** Shows a run's progress: a live bar in a terminal, a line now and then elsewhere. */
export class ProgressDisplay {
  readonly #bar: ProgressBar<Record<'decisions' | 'meanReturn' | 'lessons' | 'rate' | 'left', string>>;
  #started: StartedEvent | undefined;
  #printedAt = 0;
  /** of each policy that has learned */
  readonly #returns = new Map<string, number | null>();

  constructor(stream: NodeJS.WriteStream) {
    this.#bar = new ProgressBar(
      stream,
      '{decisions} decisions │ return {meanReturn}{lessons} │ {rate}/s │ {left} left at most',
    );
  }

  show(event: TrainingEvent): void {
    switch (event.kind) {
      case 'started':
        return this.#begin(event);
      case 'update':
        return this.#update(event);
      case 'lesson':
        return this.note(describeLesson(event));
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
    this.#bar.note(text);
  }

  dispose(): void {
    this.#bar.dispose();
  }

  #begin(started: StartedEvent): void {
    this.#started = started;
    const { environment, agents, workers, backend, backendReason, resumedFrom, settings, goal } = started;
    const resumed = resumedFrom === null ? '' : `, resumed after update ${resumedFrom}`;
    this.note(
      `Training ${environment}: ${agents} agents in ${workers} workers, seed ${settings.seed}${resumed}.${goal === null ? '' : ` Goal: a mean return of ${goal}.`}`,
    );
    for (const name of started.from)
      this.note(`Policy "${name}" begins with trained weights. Its critic and optimizer start fresh.`);
    this.note(`Learner: ${backend} (${backendReason})`);
    this.#bar.start(settings.maxDecisions, started.decisions, {
      decisions: '0',
      meanReturn: '–',
      lessons: '',
      rate: '–',
      left: '–',
    });
  }

  #update(event: UpdateEvent): void {
    const { maxDecisions } = (this.#started as StartedEvent).settings;
    this.#returns.set(event.policy, event.meanReturn);
    const lessons = event.lessons.map(
      ({ parameter, lesson, number, count }) => `${parameter}: ${lesson} (${number} of ${count})`,
    );
    const shown = {
      decisions: event.decisions.toLocaleString('en'),
      meanReturn: this.#describeReturns(),
      lessons: lessons.map((text) => ` │ ${text}`).join(''),
      rate: Math.round(event.decisionsPerSecond).toLocaleString('en'),
      left: formatDuration(Math.max(0, maxDecisions - event.decisions) / event.decisionsPerSecond),
    };
    if (this.#bar.live) return this.#bar.update(event.decisions, shown);
    if (performance.now() - this.#printedAt < LINE_EVERY_MS) return;
    this.#printedAt = performance.now();
    const reached = [`${shown.decisions} decisions`, `return ${shown.meanReturn}`, ...lessons];
    this.note([...reached, `${shown.rate} decisions/s`, `${shown.left} left at most`].join(', '));
  }

  /** `0.91`, or `striker 0.91 goalie –` */
  #describeReturns(): string {
    const { policies } = this.#started as StartedEvent;
    const returnOf = (name: string) => this.#returns.get(name)?.toFixed(2) ?? '–';
    if (policies.length === 1) return returnOf(policies[0].name);
    return policies.map(({ name }) => `${name} ${returnOf(name)}`).join(' ');
  }
}

function describeLesson({ decisions, parameter, completed, lesson, number, count }: LessonEvent): string {
  return `Lesson "${completed}" of ${parameter} is completed at ${decisions.toLocaleString('en')} decisions: on to "${lesson}", ${number} of ${count}.`;
}
