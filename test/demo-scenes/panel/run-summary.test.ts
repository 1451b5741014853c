import { describe, expect, it } from 'vitest';
import { describePhase, hasRun, summarize } from '../../../demo-scenes/panel/run-summary.ts';
import { NOTHING_YET, type RunState, type RunUpdate } from '../../../demo-scenes/run/run-state.ts';
import { type StartedEvent, TRAINING_DEFAULTS } from '../../../plugin/training.ts';

const started = {
  policies: [{ name: 'agent' }],
  agents: 64,
  decisions: 4096,
  goal: 95,
  settings: { ...TRAINING_DEFAULTS, maxDecisions: 500 },
} as unknown as StartedEvent;

function state(changes: Partial<RunState>): RunState {
  return { ...NOTHING_YET, ...changes };
}

describe('summarize', () => {
  it('has nothing to say before a run has begun', () => {
    expect(summarize(NOTHING_YET)).toBeUndefined();
  });

  it('counts from where the run was opened, until its first update', () => {
    expect(summarize(state({ started }))).toEqual({
      decisions: 4096,
      budget: 500,
      returns: [{ policy: 'agent', meanReturn: null }],
      goal: 95,
    });
    const update = { policy: 'agent', decisions: 6144 } as RunUpdate;
    expect(summarize(state({ started, update, returns: { agent: 12 } }))).toMatchObject({
      decisions: 6144,
      returns: [{ meanReturn: 12 }],
    });
  });

  it('keeps the returns of several policies apart', () => {
    const policies = ['striker', 'goalie'].map((name) => ({ name })) as unknown as StartedEvent['policies'];
    const returns = { goalie: 12 };
    expect(summarize(state({ started: { ...started, policies }, returns }))?.returns).toEqual([
      { policy: 'striker', meanReturn: null },
      { policy: 'goalie', meanReturn: 12 },
    ]);
  });

  it('takes an endless goal for none', () => {
    const goal = Number.POSITIVE_INFINITY;
    expect(summarize(state({ started: { ...started, goal } }))?.goal).toBeUndefined();
  });
});

describe('hasRun', () => {
  it('is true of a run on this page and of one that came as a checkpoint', () => {
    expect(hasRun(NOTHING_YET)).toBe(false);
    expect(hasRun(state({ started }))).toBe(true);
    expect(hasRun(state({ savedUpdates: 7 }))).toBe(true);
  });
});

describe('describePhase', () => {
  it('tells a run that is paused from one that only lies in store', () => {
    expect(describePhase(state({ phase: 'paused', workersOpen: true }))).toBe('Training is paused.');
    expect(describePhase(state({ phase: 'paused' }))).toBe('A saved run can be resumed.');
  });

  it('says how many agents train, and how it ended', () => {
    expect(describePhase(state({ phase: 'training', started }))).toBe('64 agents are training.');
    expect(describePhase(state({ phase: 'finished', finishReason: 'solved' }))).toBe('The goal was reached.');
    expect(describePhase(state({ phase: 'finished', finishReason: 'budget' }))).toBe('Training ended.');
  });
});
