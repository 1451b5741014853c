import type { Theme } from '../view.ts';
import { Cell } from './cell.ts';

const KEY = 'babylon-agents:theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colors of page, charts and scene: the person's choice, or the system's. */
export const theme = new Cell<Theme>(chosen() ?? system());

dark.addEventListener('change', () => theme.set(chosen() ?? system()));
theme.subscribe(apply);
apply();

/** Switches to the other theme and remembers it, unless it is the system's: then the system is followed again. */
export function toggleTheme(): void {
  const next: Theme = theme.value === 'dark' ? 'light' : 'dark';
  if (next === system()) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  theme.set(next);
}

function chosen(): Theme | undefined {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : undefined;
}

function system(): Theme {
  return dark.matches ? 'dark' : 'light';
}

/** light-dark() in the style sheet follows the color scheme. */
function apply(): void {
  document.documentElement.style.colorScheme = theme.value;
}
