import { useEffect, useState } from 'preact/hooks';
import type { LiveRun, RunState } from '../run/live-run.ts';

/**
 * A part of a run's state; the component is rendered again only when that part changes, and at most once per frame, however
 * often the run reports.
 */
export function useRun<T>(run: LiveRun, select: (state: RunState) => T): T {
  const [value, setValue] = useState(() => select(run.state));
  useEffect(() => {
    let frame = 0;
    const take = () => {
      frame = 0;
      setValue(() => select(run.state));
    };
    const stop = run.subscribe(() => {
      frame ||= requestAnimationFrame(take);
    });
    take();
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [run]);
  return value;
}
