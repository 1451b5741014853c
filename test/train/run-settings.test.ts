import { describe, expect, it } from 'vitest';
import type { AgentLayout } from '../../plugin/core/layout.ts';
import type { Checkpoint } from '../../plugin/train/checkpoint.ts';
import { goalOf, requireSameAgents, specsOf } from '../../plugin/train/run-settings.ts';
import { requireSettings } from '../../plugin/train/settings.ts';
import type { TrainingOptions } from '../../plugin/train/training-options.ts';
import type { EnvironmentDescription } from '../../plugin/train/worker-protocol.ts';

const LAYOUT: AgentLayout = {
  sensors: [{ name: 'eyes', size: 2 }],
  actuators: [{ name: 'legs', continuous: 1, branches: [] }],
};

/** An environment whose agents name these policies. */
function describing(...names: readonly string[]): EnvironmentDescription {
  const policies = names.map((name) => ({ name, layout: LAYOUT, agentsPerArea: 1, agents: ['agent "ball"'] }));
  const clock = { timeStep: 0.02, decisionPeriod: 5, maxDecisions: 10, spacing: 20, parameters: {} };
  return { name: 'match', policies, agentsPerArea: names.length, ...clock, training: {} };
}

describe('specsOf', () => {
  it('gives each policy the network of its settings', () => {
    const settings = requireSettings({ hidden: [8], policies: { goalie: { hidden: [4, 4], critic: 'separate' } } });
    const specs = specsOf(describing('striker', 'goalie'), settings);
    expect(specs.map(({ name, network }) => [name, network.hidden, network.critic])).toEqual([
      ['striker', [8], 'shared'],
      ['goalie', [4, 4], 'separate'],
    ]);
  });

  it.each(['checkpoint', 'Checkpoint', 'left/right', '', '../up', 'goalie.', '.hidden', 'goalie '])(
    'refuses "%s" among several, since files are named so',
    (name) => {
      expect(() => specsOf(describing('striker', name), requireSettings())).toThrow(
        `[agents] Policy "${name}" has an invalid name for one of several: its file would be "${name}.safetensors". Use letters, digits and hyphens, but not "checkpoint".`,
      );
      expect(specsOf(describing(name), requireSettings())).toHaveLength(1);
    },
  );
});

describe('specsOf, given names that some system cannot tell apart or cannot write', () => {
  it.each([
    ['nul', 'another name: Windows reserves this one'],
    ['COM1', 'another name: Windows reserves this one'],
    ['a'.repeat(101), '100 characters or fewer'],
  ])('refuses %s', (name, must) => {
    expect(() => specsOf(describing('striker', name), requireSettings())).toThrow(
      `[agents] Policy "${name}" has an invalid name for one of several. Its name must be ${must}.`,
    );
  });

  it('refuses two that differ in case only', () => {
    expect(() => specsOf(describing('striker', 'goalie', 'Striker'), requireSettings())).toThrow(
      '[agents] Policies "striker" and "Striker" differ only in case, so many systems would treat their files as one. Rename one of them.',
    );
  });
});

describe('goalOf', () => {
  const [open, checkpoint] = [{} as TrainingOptions, { goal: 70 } as Checkpoint];
  const solvedAt = (until: number) => ({ ...describing('ball'), training: { until } });

  it('is the caller’s, that the run began with, or the environment’s', () => {
    expect(goalOf(solvedAt(50), { ...open, until: 90, maxDecisions: 10 }, checkpoint)).toBe(90);
    expect(goalOf(solvedAt(50), open, checkpoint)).toBe(70);
    expect(goalOf(solvedAt(50), open, { ...checkpoint, goal: null })).toBe(undefined);
    expect(goalOf(solvedAt(50), open, undefined)).toBe(50);
  });

  it('is none where the caller says another limit, or Infinity', () => {
    expect(goalOf(solvedAt(50), { ...open, maxSeconds: 9 }, checkpoint)).toBe(undefined);
    expect(goalOf(solvedAt(50), { ...open, until: Infinity }, checkpoint)).toBe(undefined);
    expect(goalOf(solvedAt(Infinity), open, undefined)).toBe(undefined);
  });
});

describe('requireSameAgents', () => {
  const specs = specsOf(describing('striker', 'goalie'), requireSettings());
  const checkpoint = { policies: specs.map((spec) => ({ spec })) } as unknown as Checkpoint;

  it('takes agents that are as they were', () => {
    expect(() => requireSameAgents(checkpoint, specs)).not.toThrow();
  });

  it('refuses other policies, and other agents of one of them', () => {
    expect(() => requireSameAgents(checkpoint, specs.slice(1))).toThrow(
      '[agents] The checkpoint has policies "striker", "goalie", but the agents name "goalie". Name those again, in that order, or start another run.',
    );
    const layout = { ...LAYOUT, sensors: [{ name: 'eyes', size: 3 }] };
    expect(() => requireSameAgents(checkpoint, [specs[0], { ...specs[1], layout }])).toThrow(
      '[agents] The checkpoint\'s policy "goalie" observes 2 floats (eyes 2)',
    );
  });
});
