import { describe, expect, it } from 'vitest';
import { Progress, RETURN_WINDOW } from '../../plugin/train/progress.ts';
import type { EpisodeSummary } from '../../plugin/train/worker-protocol.ts';

describe('RETURN_WINDOW', () => {
  it('is the 100 episodes that events and documents speak of', () => {
    expect(RETURN_WINDOW).toBe(100);
  });
});

describe('Progress', () => {
  it('begins with nothing done', () => {
    const progress = new Progress(1);
    expect(progress.state).toEqual({
      updates: 0,
      decisions: 0,
      physicsSteps: 0,
      episodes: 0,
      seconds: 0,
      windows: [{ returns: [], lengths: [] }],
      solvedAtSeconds: null,
      solvedAtDecisions: null,
    });
    expect(progress.meanReturn).toBeNull();
    expect(progress.summaryOf(0)).toEqual({ meanReturn: null, returnDeviation: null, episodeLength: null });
  });

  it('adds up updates, decisions, steps and episodes, and takes the time as it is told', () => {
    const progress = new Progress(1);
    progress.add({ decisions: 10, physicsSteps: 40, episodes: [episodes(1, 2)] }, 3);
    progress.add({ decisions: 5, physicsSteps: 20, episodes: [episodes(6)] }, 4.5);
    expect(progress.state).toMatchObject({
      updates: 2,
      decisions: 10 + 5,
      physicsSteps: 40 + 20,
      episodes: 2 + 1,
      seconds: 4.5,
    });
    expect(progress.meanReturn).toBe((1 + 2 + 6) / 3);
    expect(progress.summaryOf(0).episodeLength).toBe((10 + 20 + 60) / 3); // ten decisions for each unit of return
  });

  it('resumes from the state of an earlier session', () => {
    const earlier = new Progress(1);
    earlier.add({ decisions: 10, physicsSteps: 40, episodes: [episodes(1)] }, 3);
    const progress = new Progress(1, structuredClone(earlier.state));
    progress.add({ decisions: 5, physicsSteps: 20, episodes: [episodes(3)] }, 6);
    expect(progress.state).toMatchObject({
      updates: 2,
      decisions: 15,
      episodes: 2,
      windows: [{ returns: [1, 3], lengths: [10, 30] }],
    });
  });

  it('takes the means over the last 100 episodes', () => {
    const progress = new Progress(1);
    const returns = Array.from({ length: 130 }, (_, i) => i);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [episodes(...returns.slice(0, 90))] }, 1);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [episodes(...returns.slice(90))] }, 2);
    expect(progress.state.windows[0].returns).toEqual(returns.slice(30));
    expect(progress.state.episodes).toBe(130);
    expect(progress.meanReturn).toBe((30 + 129) / 2);
    expect(progress.summaryOf(0).episodeLength).toBe((300 + 1290) / 2);
  });

  it('takes the deviation of the same returns', () => {
    const progress = new Progress(1);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [episodes(5)] }, 1);
    expect(progress.summaryOf(0).returnDeviation).toBe(0);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [episodes(1, 3)] }, 2);
    expect(progress.summaryOf(0).returnDeviation).toBeCloseTo(Math.sqrt((2 ** 2 + 2 ** 2 + 0) / 3), 12); // about the mean of 3
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(7, 100)] }, 3);
    expect(progress.summaryOf(0).returnDeviation).toBe(0);
  });

  it('leaves the state that was read before as it was', () => {
    const progress = new Progress(1);
    const before = progress.state;
    progress.add({ decisions: 10, physicsSteps: 40, episodes: [episodes(1)] }, 3);
    expect(before).toEqual(new Progress(1).state);
  });
});

describe('Progress, of several policies', () => {
  it('keeps the returns of each apart, and is as far as the one that is furthest behind', () => {
    const progress = new Progress(2);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [episodes(6, 8), []] }, 1);
    expect(progress.meanReturn).toBeNull();
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [[], episodes(1)] }, 2);
    expect([progress.summaryOf(0).meanReturn, progress.summaryOf(1).meanReturn]).toEqual([(6 + 8) / 2, 1]);
    expect([progress.meanReturn, progress.state.episodes]).toEqual([1, 3]);
  });

  it('has reached a goal when each of them has', () => {
    const progress = new Progress(2);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(9, 100), repeat(5, 99)] }, 1);
    expect(progress.reached(5)).toBe(false);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [[], repeat(5, 1)] }, 2);
    expect([progress.reached(5), progress.reached(6)]).toEqual([true, false]);
  });
});

describe('Progress.reached', () => {
  it('waits for a full window', () => {
    const progress = new Progress(1);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(5, 99)] }, 1);
    expect(progress.reached(5)).toBe(false);
    expect(progress.state.solvedAtSeconds).toBeNull();
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(5, 1)] }, 2);
    expect(progress.reached(5)).toBe(true);
  });

  it('asks for the goal or more', () => {
    const progress = new Progress(1);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(5, 100)] }, 1);
    expect(progress.reached(5.001)).toBe(false);
    expect(progress.reached(5)).toBe(true);
    expect(progress.reached(-5)).toBe(true);
  });

  it('is never true without a goal', () => {
    const progress = new Progress(1);
    progress.add({ decisions: 0, physicsSteps: 0, episodes: [repeat(5, 100)] }, 1);
    expect(progress.reached(undefined)).toBe(false);
    expect(progress.state.solvedAtDecisions).toBeNull();
  });

  it('keeps the first time, also over a fall and another session', () => {
    const first = new Progress(1);
    first.add({ decisions: 700, physicsSteps: 0, episodes: [repeat(5, 100)] }, 20);
    first.reached(5);
    first.add({ decisions: 100, physicsSteps: 0, episodes: [repeat(0, 100)] }, 30);
    expect(first.reached(5)).toBe(false);
    const second = new Progress(1, first.state);
    second.add({ decisions: 100, physicsSteps: 0, episodes: [repeat(5, 100)] }, 40);
    expect(second.reached(5)).toBe(true);
    expect(second.state).toMatchObject({ solvedAtSeconds: 20, solvedAtDecisions: 700, decisions: 900, seconds: 40 });
  });
});

/** Episodes of these returns, ten times as long in decisions. */
function episodes(...returns: readonly number[]): EpisodeSummary[] {
  const common = { area: 0, agent: 'ball', policy: 'agent', outcome: 'terminated', stage: 0 } as const;
  return returns.map((value) => ({ ...common, return: value, length: 10 * value }));
}

function repeat(value: number, count: number): EpisodeSummary[] {
  return episodes(...new Array<number>(count).fill(value));
}
