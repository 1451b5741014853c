import type { TrainingRecord } from '../plugin/index.ts';
import type { FinishedEvent, StartedEvent, TrainingEvent, UpdateEvent } from '../plugin/training.ts';
import { requireElement } from './elements.ts';

const REASONS = {
  solved: 'Solved',
  budget: 'Budget used up',
  time: 'Time is up',
  interrupted: 'Stopped',
} satisfies Record<FinishedEvent['reason'], string>;

const playing = requireElement('playing', HTMLElement);

/** Says in a sentence what the areas play. */
export function showPlaying(sentence: string): void {
  playing.textContent = sentence;
}

/** Says what a policy is and what training reached with it. */
export function showPolicy(name: string, record: TrainingRecord | undefined): void {
  if (!record) return showPlaying(`Playing ${name}.`);
  const reached = record.meanReturn === null ? '' : `, mean return ${formatReturn(record.meanReturn)}`;
  showPlaying(`Playing ${name}: ${formatCount(record.decisions)} decisions of training${reached}.`);
}

/** Shows what training reports. */
export function showTraining(event: TrainingEvent): void {
  switch (event.kind) {
    case 'started':
      return showStart(event);
    case 'update':
      return showUpdate(event);
    case 'warning':
      return showPlaying(event.message);
    case 'finished':
      return showPlaying(
        `${REASONS[event.reason]} after ${event.seconds.toFixed(0)} s. Playing what it learned in ${event.updates} updates.`,
      );
    case 'episode':
    case 'checkpoint':
      return;
  }
}

/** Empties the figures of an earlier run. */
export function showOpening(): void {
  for (const id of ['decisions', 'mean-return', 'rate', 'backend', 'memory']) write(id, '–');
  showPlaying('Starting workers…');
}

function showStart({ agents, workers, backend, backendReason }: StartedEvent): void {
  showPlaying(`Training ${agents} agents in ${workers} workers, from scratch. The areas play the newest policy.`);
  write('backend', backend);
  requireElement('backend', HTMLElement).title = backendReason;
  write('memory', crossOriginIsolated ? 'shared' : 'transferred');
}

function showUpdate({ decisions, meanReturn, decisionsPerSecond }: UpdateEvent): void {
  write('decisions', formatCount(decisions));
  write('mean-return', meanReturn === null ? '–' : formatReturn(meanReturn));
  write('rate', formatCount(decisionsPerSecond));
}

function write(id: string, text: string): void {
  requireElement(id, HTMLElement).textContent = text;
}

function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function formatReturn(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
