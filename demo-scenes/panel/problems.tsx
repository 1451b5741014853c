import { Cell, useCell } from './cell.ts';

const problem = new Cell<string | undefined>(undefined);

/** Shows what went wrong, whatever was thrown; and where, unless the message says it. */
export function showProblem(error: unknown, place = ''): void {
  const message = error instanceof Error ? error.message : String(error);
  const see = place && (error as Error | null)?.name !== 'AgentsError' ? ` See ${place}.` : '';
  problem.set(message.replace('[agents] ', '') + see);
}

export function hideProblem(): void {
  problem.set(undefined);
}

/** Shows every error that nothing else caught, including those of the render loop. */
export function showUncaughtProblems(): void {
  addEventListener('error', (event) => {
    const place = event.filename ? `${event.filename}:${event.lineno}:${event.colno}` : '';
    if (event.error !== null || event.message) showProblem(event.error ?? event.message, place);
  });
  addEventListener('unhandledrejection', (event) => showProblem(event.reason));
}

/** The last problem, until it is closed or another page is opened; tables in it keep their columns. */
export function ProblemBox() {
  const text = useCell(problem);
  const blocks = text?.split('\n\n') ?? [];
  return (
    <div class="problem-box" id="problem" role="alert" hidden={text === undefined}>
      <div>
        {blocks.map((block, i) => (block.startsWith('  ') ? <pre key={i}>{block}</pre> : <p key={i}>{block}</p>))}
      </div>
      <button type="button" class="plain" aria-label="Close" onClick={hideProblem}>
        ×
      </button>
    </div>
  );
}
