import { useCell } from './cell.ts';
import { theme, toggleTheme } from './theme.ts';

/** Switches between light and dark. */
export function ThemeToggle() {
  const other = useCell(theme) === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon"
      aria-label={`Use ${other} colors`}
      title={`Use ${other} colors`}
      onClick={toggleTheme}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
