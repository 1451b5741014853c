import { requireElement } from './elements.ts';

const box = requireElement('problem', HTMLElement);
const text = requireElement('problem-text', HTMLElement);

/** Tells the person what went wrong, whatever was thrown. */
export function showProblem(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  text.textContent = message.replace('[agents] ', '');
  box.hidden = false;
}

export function hideProblem(): void {
  box.hidden = true;
}

/** Shows every error that nothing else caught, those of the render loop included. */
export function showUncaughtProblems(): void {
  requireElement('problem-close', HTMLButtonElement).addEventListener('click', hideProblem);
  addEventListener('error', (event) => showProblem(event.error ?? event.message));
  addEventListener('unhandledrejection', (event) => showProblem(event.reason));
}
