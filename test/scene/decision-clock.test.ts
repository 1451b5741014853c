import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { buildAreas } from '../../plugin/scene/areas.ts';
import { DecisionClock } from '../../plugin/scene/decision-clock.ts';
import { type AreaContext, defineEnvironment } from '../../plugin/scene/environment.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { rail, relay } from '../fixtures/environments.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

/** What happened to a test area, in order. */
interface Diary {
  readonly lines: string[];
  readonly agents: Agent[];
  end(): void;
}

/** An area of `count` agents that writes down what happens; each agent sees its number and the steps of the episode. */
async function open(
  count: number,
  { decisionPeriod = 3, maxDecisions = 4 } = {},
): Promise<{ clock: DecisionClock; diary: Diary }> {
  const diary: Diary = { lines: [], agents: [], end: () => {} };
  const environment = defineEnvironment({
    name: 'diary',
    decisionPeriod,
    maxDecisions,
    build: (area) => build(area, count, diary),
  });
  return { clock: new DecisionClock(await buildAreas(environment, scene), environment), diary };
}

function build(area: AreaContext, count: number, diary: Diary) {
  let steps = 0;
  diary.end = () => area.end();
  for (let i = 0; i < count; i++) {
    const node = new TransformNode(`agent-${i}`, area.scene);
    node.parent = area.root;
    const agent = new Agent({
      sensors: [new FunctionSensor('number', 2, (out, offset) => out.set([10 + i, steps], offset))],
      actuators: [
        new FunctionActuator({
          name: 'say',
          continuous: 1,
          apply: (action, offset) => void diary.lines.push(`agent ${i} acts ${action[offset]}`),
        }),
      ],
    });
    node.addBehavior(agent, true);
    diary.agents.push(agent);
  }
  return {
    reset: () => {
      steps = 0;
      diary.lines.push('reset');
    },
    afterStep: () => {
      steps++;
      diary.lines.push(`step ${steps}`);
    },
  };
}

/** One decision; the numbers of the actions are those of the agents. */
function decide(clock: DecisionClock): void {
  clock.observe();
  const [rows] = clock.policyRows;
  rows.action.set(rows.agents.map((_, n) => n));
  for (let i = 0; i < clock.decisionPeriod; i++) {
    clock.apply();
    clock.afterStep();
  }
  clock.close();
}

describe('DecisionClock, with several policies', () => {
  it('gives every policy the rows of all agents that name it, and drives each agent by the policy of its episode', async () => {
    const areas = await buildAreas(relay, scene, { count: 2, parameters: { high: 0 } });
    const clock = new DecisionClock(areas, relay);
    expect(clock.policyRows.map(({ policy, agents }) => [policy, agents.length])).toEqual([
      ['low', 2],
      ['high', 2],
      ['keeper', 2],
    ]);
    const [low, high] = clock.policyRows;
    areas[1].setParameters({ high: 1 });
    areas[1].begin();
    clock.observe();
    expect([low.drives(0), low.drives(1), high.drives(0), high.drives(1)]).toEqual([true, false, false, true]);
    expect([low.observation[1], high.observation[3]]).toEqual([0, 1]); // the bars
    expect([...low.observation.slice(2), ...high.observation.slice(0, 2)]).toEqual([0, 0, 0, 0]);
    const places = () => areas.map((area) => area.find('runner').position.x);
    const [first, second] = places();
    low.action.fill(1);
    high.action.fill(-0.5);
    clock.apply();
    expect(places()).toEqual([first + 0.2, second - 0.1]);
  });
});

describe('DecisionClock, out of step', () => {
  it('truncates the first episode of each area at its own decision, and later ones at the environment’s', async () => {
    const areas = await buildAreas(rail, scene, { count: 3 });
    const clock = new DecisionClock(areas, { decisionPeriod: 1, maxDecisions: 4 }, { firstLimits: [1, 3, 4] });
    const ended = areas.map((): number[] => []);
    for (let decision = 1; decision <= 12; decision++) {
      decide(clock);
      areas.forEach((area, i) => {
        if (area.agents[0].outcome === 'truncated') ended[i].push(decision);
      });
      clock.restart();
    }
    expect(ended).toEqual([
      [1, 5, 9],
      [3, 7, 11],
      [4, 8, 12],
    ]);
  });
});

describe('DecisionClock', () => {
  it('resets every area before anything else, and holds an action for a whole decision', async () => {
    const { clock, diary } = await open(1);
    decide(clock);
    expect(diary.lines).toEqual([
      'reset',
      'agent 0 acts 0',
      'step 1',
      'agent 0 acts 0',
      'step 2',
      'agent 0 acts 0',
      'step 3',
    ]);
  });

  it('lets every agent see what it sees in a row of its own', async () => {
    const { clock } = await open(2);
    decide(clock);
    clock.observe();
    expect([...clock.policyRows[0].observation]).toEqual([10, 3, 11, 3]);
  });

  it('truncates an episode after its decisions, and begins the next with a reset', async () => {
    const { clock, diary } = await open(1, { maxDecisions: 2 });
    decide(clock);
    clock.restart();
    expect(diary.agents[0].outcome).toBe('running');
    decide(clock);
    expect(diary.agents[0].outcome).toBe('truncated');
    clock.restart();
    expect(diary.lines.at(-1)).toBe('reset');
    expect(diary.agents[0].outcome).toBe('running');
    expect(clock.areas[0].decisions).toBe(0);
  });

  it('leaves an agent out that ended before its area: it sees nothing, does nothing and may choose anything', async () => {
    const { clock, diary } = await open(2);
    diary.agents[0].terminate();
    decide(clock);
    expect([...clock.policyRows[0].observation]).toEqual([0, 0, 11, 0]);
    expect(diary.lines.filter((line) => line.startsWith('agent 0'))).toEqual([]);
    clock.restart();
    expect(diary.agents.map((agent) => agent.outcome)).toEqual(['terminated', 'running']);
  });

  it('steps an area no further once all of its agents have ended, and resets it at the next decision', async () => {
    const { clock, diary } = await open(2);
    clock.observe();
    clock.apply();
    clock.afterStep();
    for (const agent of diary.agents) agent.terminate();
    diary.lines.length = 0;
    clock.apply();
    clock.afterStep();
    clock.close();
    expect(diary.lines).toEqual([]);
    clock.restart();
    expect(diary.lines).toEqual(['reset']);
  });

  it('truncates the agents that still run when the area is ended', async () => {
    const { clock, diary } = await open(2);
    diary.agents[0].terminate();
    diary.end();
    clock.close();
    expect(diary.agents.map((agent) => agent.outcome)).toEqual(['terminated', 'truncated']);
    clock.restart();
    expect(diary.agents.map((agent) => agent.outcome)).toEqual(['running', 'running']);
  });
});
