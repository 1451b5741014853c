import type { FinishedEvent, StartedEvent } from '../train/training-event.ts';
import { inRepository } from './default-worker.ts';

const REASONS = {
  solved: 'Solved',
  budget: 'Budget used up',
  time: 'Time is up',
  interrupted: 'Stopped',
} as const;

const ALREADY = {
  solved: 'Its goal was reached before, so nothing was trained',
  budget: 'Its budget was used up before, so nothing was trained',
  time: 'The time was up before the first update',
  interrupted: 'It was stopped before the first update',
} as const;

/** Where a run is, and what it was started with. */
export interface RunLocation {
  readonly folder: string;
  /** the worker file, if one was named */
  readonly worker?: string | undefined;
}

/** What a terminal shows when a run is over, with the commands that may come next. */
export function describeFinished(finished: FinishedEvent, started: StartedEvent, place: RunLocation): string {
  const { reason, environment, policies, savedUpdates } = finished;
  const alone = policies.length === 1;
  const files = policies.map(({ policyPath }) => (policyPath === null ? 'not written' : quote(policyPath))).join(' ');
  const named = place.worker === undefined ? '' : ` --worker ${quote(place.worker)}`;
  const lines = [`${REASONS[reason]}: ${environment} after ${describeReached(finished)}.`];
  if (finished.decisions === started.decisions) lines.push(`${ALREADY[reason]}.`);
  lines.push(`${alone ? 'Policy:  ' : 'Policies:'}  ${files}`);
  if (policies.every(({ policyPath }) => policyPath !== null))
    lines.push(
      `Evaluate:  ${commandFor('evaluate')} ${files}${named}`,
      inRepository()
        ? `Play:      npm start, choose ${environment}, and drop the policy ${alone ? 'file' : 'files'} on its page`
        : `Play:      await loadPolicy() with the URL of ${alone ? 'this file' : 'each of these files'} on your server`,
    );
  if (savedUpdates !== null)
    lines.push(
      `Resume:    ${commandFor('train')} ${environment} --resume --run ${quote(place.folder)}${further(finished, started)}${named}`,
    );
  return `${lines.join('\n')}\n`;
}

function describeReached({ decisions, seconds, policies }: FinishedEvent): string {
  const returns = policies.map(
    ({ name, meanReturn }) =>
      `mean return ${policies.length === 1 ? '' : `of ${name} `}${meanReturn?.toFixed(2) ?? 'unknown'}`,
  );
  return `${decisions.toLocaleString('en')} decisions in ${seconds.toFixed(1)} s, ${returns.join(', ')}`;
}

/** The options that a resumed run needs, so that it does not end again at once for the same reason. */
function further({ reason, decisions }: FinishedEvent, { settings, goal }: StartedEvent): string {
  const left = decisions < settings.maxDecisions;
  if (reason === 'solved')
    return ` --max-decisions ${left ? settings.maxDecisions : twice(settings.maxDecisions, decisions)}`; // a limit takes the goal's place
  if (left) return '';
  return ` --max-decisions ${twice(settings.maxDecisions, decisions)}${goal === null ? '' : ` --until ${goal}`}`;
}

/** Twice the budget or, if that is not more than the decisions used, twice those. */
function twice(budget: number, used: number): number {
  return 2 * (2 * budget > used ? budget : used);
}

function commandFor(name: string): string {
  return inRepository() ? `npm run ${name} --` : `npx babylon-agents ${name}`;
}

/** An argument, quoted for a shell. */
function quote(text: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(text)) return text;
  return process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
