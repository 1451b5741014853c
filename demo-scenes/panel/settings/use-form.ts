import { useMemo } from 'preact/hooks';
import { useCell } from '../cell.ts';
import type { SceneSession } from '../scene-session.ts';
import { findMistakes } from './form.ts';

/** What is wrong in the form for the next run, by field. */
export function useMistakes({ entries }: SceneSession): Readonly<Record<string, string>> {
  const now = useCell(entries);
  return useMemo(() => (now ? findMistakes(now) : {}), [now]);
}
