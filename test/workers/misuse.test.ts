import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AgentOptions,
  type AreaContext,
  BodySensor,
  defineEnvironment,
  ForceActuator,
  FunctionActuator,
  FunctionSensor,
  RelativePositionSensor,
} from '../../plugin/index.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

/** What the functions of the second of two areas get to do harm with. */
interface Stage {
  readonly area: AreaContext;
  readonly node: TransformNode;
  readonly agent: Agent;
  /** a node below the agent's, which its second sensor hangs on */
  readonly eye: TransformNode;
  readonly goal: TransformNode;
}

interface Harm {
  readonly reset?: (stage: Stage) => unknown;
  /** at the third decision */
  readonly afterStep?: (stage: Stage) => unknown;
  /** of the agents of both areas */
  readonly parts?: () => Partial<AgentOptions>;
}

function addBody(node: TransformNode): void {
  const body = new PhysicsBody(node, PhysicsMotionType.DYNAMIC, false, node.getScene());
  body.shape = new PhysicsShapeSphere(Vector3.Zero(), 0.5, node.getScene());
  body.setMassProperties({ mass: 1 });
}

function createStage(area: AreaContext, parts: Partial<AgentOptions>): Stage {
  const [node, eye, goal] = ['ball', 'eye', 'goal'].map((name) => new TransformNode(name, area.scene));
  node.parent = goal.parent = area.root;
  eye.parent = node;
  addBody(node);
  const agent = new Agent({
    name: 'walker',
    sensors: [new BodySensor({ linearVelocity: true }), new RelativePositionSensor({ target: goal })],
    actuators: [new ForceActuator({ maxForce: 1 })],
    ...parts,
  });
  eye.addBehavior(new FunctionSensor('sight', 1, (out, at) => out.fill(eye.position.x, at, at + 1)), true);
  node.addBehavior(agent, true);
  return { area, node, agent, eye, goal };
}

function makeAgent({ area }: Pick<Stage, 'area'>): void {
  const node = new TransformNode('late', area.scene);
  node.parent = area.root;
  node.addBehavior(
    new Agent({
      sensors: [new FunctionSensor('x', 1, () => 0)],
      actuators: [new FunctionActuator({ name: 'y', continuous: 1, apply() {} })],
    }),
    true,
  );
}

/** Lives through eight decisions of two areas, of which the second does harm; gives the error that it ends with. */
async function failureOf({ reset, afterStep, parts = () => ({}) }: Harm): Promise<string> {
  const environment = defineEnvironment({
    name: 'harm',
    decisionPeriod: 1,
    maxDecisions: 4,
    build(area) {
      const second = area.root.name === 'area-1';
      const stage = createStage(area, parts());
      return {
        reset: () => (second ? (reset?.(stage) as undefined) : undefined),
        afterStep: () =>
          second && stage.agent.decisions === 2 ? (afterStep?.(stage) as undefined) : stage.agent.addReward(1),
      };
    },
  });
  try {
    const world = await HeadlessWorld.create(environment, { count: 2 });
    worlds.push(world);
    for (let decision = 0; decision < 60; decision++) {
      world.clock.observe();
      world.step();
      for (const { agents } of world.clock.areas) for (const agent of agents) runtimeOf(agent).takeReward();
      world.restart();
    }
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
}

const AGENT = 'agent "walker" on node "ball"';
const LAST =
  'An agent and its nodes must exist as long as their area: to take the agent out of play, call terminate() and hide or move the node.';

describe('a function that returns a promise', () => {
  const remedy =
    'Nothing awaits it: make the function synchronous (no `async`), and load what it needs in build(), which may be async.';
  const rejecting = async () => {
    throw new Error('never heard');
  };
  const sensor = (observe: () => unknown) => () => ({ sensors: [new FunctionSensor('place', 1, observe as never)] });
  const actuator = (functions: object) => () => ({
    actuators: [new FunctionActuator({ name: 'push', branches: [2], apply() {}, ...functions })],
  });
  class Rememberer extends FunctionSensor {
    remember = rejecting as never;
  }
  class Forgetter extends FunctionSensor {
    forget = rejecting as never;
  }
  const write = (out: Float32Array, at: number) => out.fill(0, at, at + 1);

  it.each<[string, Harm, string]>([
    ['reset', { reset: rejecting }, 'reset() of environment "harm" returned a promise in area 1, decision 1'],
    [
      'afterStep',
      { afterStep: rejecting },
      'afterStep() of environment "harm" returned a promise in area 1, decision 3',
    ],
    [
      'observe',
      { parts: sensor(rejecting) },
      `observe() of sensor "place" of ${AGENT} of environment "harm" returned a promise in area 0, decision 1`,
    ],
    [
      'apply',
      { parts: actuator({ apply: rejecting }) },
      `apply() of actuator "push" of ${AGENT} of environment "harm" returned a promise in area 0, decision 1`,
    ],
    [
      'mask',
      { parts: actuator({ mask: rejecting }) },
      `mask() of actuator "push" of ${AGENT} of environment "harm" returned a promise in area 0, decision 1`,
    ],
    [
      'remember',
      { parts: () => ({ sensors: [new Rememberer('place', 1, write)] }) },
      `remember() of sensor "place" of ${AGENT} of environment "harm" returned a promise in area 0, decision 1`,
    ],
    [
      'forget',
      { parts: () => ({ sensors: [new Forgetter('place', 1, write)] }) },
      `forget() of sensor "place" of ${AGENT} of environment "harm" returned a promise in area 0, decision 1`,
    ],
  ])('is refused at its first call: %s', async (_, harm, text) => {
    expect(await failureOf(harm)).toBe(`[agents] ${text} of episode 1. ${remedy}`);
  });
});

describe('a function with a star', () => {
  const push = { name: 'push', continuous: 1, apply: function* () {} as never };

  it.each<[string, Harm, string]>([
    ['reset', { reset: function* () {} }, 'reset() of environment "harm" returned a generator in area 1, decision 1'],
    [
      'afterStep',
      { afterStep: function* () {} },
      'afterStep() of environment "harm" returned a generator in area 1, decision 3',
    ],
    [
      'an async afterStep',
      { afterStep: async function* () {} },
      'afterStep() of environment "harm" returned a generator in area 1, decision 3',
    ],
    [
      'observe',
      { parts: () => ({ sensors: [new FunctionSensor('place', 1, function* () {} as never)] }) },
      `observe() of sensor "place" of ${AGENT} of environment "harm" returned a generator in area 0, decision 1`,
    ],
    [
      'apply',
      { parts: () => ({ actuators: [new FunctionActuator(push)] }) },
      `apply() of actuator "push" of ${AGENT} of environment "harm" returned a generator in area 0, decision 1`,
    ],
  ])('is refused at its first call, since nothing runs it: %s', async (_, harm, text) => {
    expect(await failureOf(harm)).toBe(
      `[agents] ${text} of episode 1. Nothing runs it: make the function a plain one (no \`*\`).`,
    );
  });
});

describe('an episode that cannot be lived', () => {
  it.each<[string, Harm['reset']]>([
    ['terminates its agents', ({ agent }) => agent.terminate()],
    ['ends the area', ({ area }) => area.end()],
  ])('is an error once reset() %s ten times in a row', async (_, reset) => {
    expect(await failureOf({ reset: reset as never })).toBe(
      '[agents] reset() of environment "harm" ended its own episode 10 times in a row in area 1, decision 1 of episode 10. No agent decides in such an episode. Call terminate() and area.end() in afterStep(), and leave an agent running in reset().',
    );
  });

  it('is none where reset() does so now and then', async () => {
    let episode = 0;
    expect(await failureOf({ reset: ({ agent }) => (episode++ % 10 < 9 ? agent.terminate() : undefined) })).toBe(
      'no error',
    );
  });

  it.each(['reset', 'afterStep'] as const)('has an agent that %s made, which nothing would drive', async (when) => {
    expect(await failureOf({ [when]: makeAgent })).toMatch(
      new RegExp(
        `^\\[agents\\] ${when}\\(\\) of environment "harm" made agent "agent" on node "late" in area 1, decision [13] of episode 1\\. Nothing drives it: all agents must be made in build\\(\\)\\.`,
      ),
    );
  });

  it('has an agent that an observer made, which nothing would drive', async () => {
    let steps = 0;
    const observe = (stage: Stage) => {
      stage.area.scene.onAfterPhysicsObservable.add(() => void (++steps === 6 && makeAgent(stage)));
    };
    let observed = false;
    const reset = (stage: Stage) => {
      if (!observed) observe(stage);
      observed = true;
    };
    expect(await failureOf({ reset })).toMatch(
      /^\[agents\] A callback of environment "harm" made agent "agent" on node "late" in area 1, decision \d of episode 2\. Nothing drives it: all agents must be made in build\(\)\./,
    );
  });
});

describe('a node outside of the areas of a shared world', () => {
  const leave = ({ area }: Stage) => void new TransformNode('crate', area.scene);

  it.each<[string, Harm, string]>([
    ['reset() makes', { reset: leave }, 'reset() of environment "harm" left node "crate" outside its area in area 1'],
    ['afterStep() makes', { afterStep: leave }, 'afterStep() of environment "harm" left node "crate" outside its area'],
    [
      'afterStep() takes out of its area',
      { afterStep: ({ goal }) => void goal.setParent(null) },
      'afterStep() of environment "harm" left node "goal" outside its area',
    ],
  ])('is refused that %s', async (_, harm, text) => {
    const message = await failureOf(harm);
    expect(message).toContain(`[agents] ${text}`);
    expect(message).toMatch(
      / in area 1, decision [13] of episode 1\. Set its parent to area\.root or to a node below\.$/,
    );
  });

  it('is none once it has a parent, or is gone', async () => {
    const pass = ({ area }: Stage) => {
      new TransformNode('spark', area.scene).dispose();
      new TransformNode('crate', area.scene).parent = area.root;
    };
    expect(await failureOf({ reset: pass, afterStep: pass })).toBe('no error');
  });
});

describe('what an agent loses in mid-training', () => {
  it.each<[string, NonNullable<Harm['afterStep']>, string]>([
    ['its node', ({ node }) => node.dispose(), `${AGENT} has lost its node, which was disposed. ${LAST}`],
    [
      'its place on the node',
      ({ node, agent }) => void node.removeBehavior(agent),
      `${AGENT} was removed from its node. ${LAST}`,
    ],
    [
      'a node that a sensor hangs on',
      ({ eye }) => eye.dispose(),
      `Sensor "sight" of ${AGENT} is attached to node "eye", which was disposed. ${LAST}`,
    ],
    [
      'a sensor',
      ({ agent, eye }) => void eye.removeBehavior(agent.sensors[2]),
      `Sensor "sight" of ${AGENT} was removed from node "eye". Leave an agent's parts attached.`,
    ],
    [
      'an actuator',
      ({ agent, node }) => void node.removeBehavior(agent.actuators[0]),
      `Actuator "force" of ${AGENT} was removed from node "ball". Leave an agent's parts attached.`,
    ],
    [
      'its body',
      ({ node }) => node.physicsBody?.dispose(),
      `Sensor "body" of ${AGENT} needs the physics body of node "ball", which was disposed. Move it by respawn() or teleport() instead; to take the agent out of play, call terminate().`,
    ],
    [
      'the node that a sensor observes',
      ({ goal }) => goal.dispose(),
      'Sensor "relative-position" observes node "goal", which was disposed. Hide it or move it instead.',
    ],
  ])('ends it with an error that names agent, area and decision: %s', async (_, afterStep, text) => {
    const message = await failureOf({ afterStep });
    expect(message).toContain(`[agents] ${text}`);
    expect(message).toMatch(
      /of environment "harm" in area 1, decision 4 of episode 1\.\)$|in area 1, decision 4 of episode 1/,
    );
    expect(message).toContain(AGENT);
  });

  it('is no error once it has left the episode, as long as it is there at the next', async () => {
    expect(
      await failureOf({
        afterStep: ({ agent, node }) => {
          agent.terminate();
          node.removeBehavior(agent);
        },
        reset: ({ agent, node }) => {
          if (!agent.attachedNode) node.addBehavior(agent, true);
        },
      }),
    ).toBe('no error');
  });
});
