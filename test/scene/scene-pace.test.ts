import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import type { AreaContext } from '../../plugin/scene/environment.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { type PolicyPlayback, playPolicy } from '../../plugin/scene/play-policy.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';
import { createExactPolicy } from '../policy/fixtures.ts';

let scene: Scene;
/** steps that Havok took */
let steps = 0;

beforeEach(async () => {
  scene = await createBareScene();
  new FreeCamera('camera', Vector3.Zero(), scene);
  steps = 0;
  const { _hknp: havok } = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
  const step = havok.HP_World_Step.bind(havok);
  vi.spyOn(havok, 'HP_World_Step').mockImplementation((...all: unknown[]) => {
    steps++;
    return step(...all);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  scene.getEngine().dispose();
});

/** Draws frames of so many seconds each. */
function show(frames: number, seconds: number): void {
  const clock = vi.spyOn(scene.getEngine(), 'getDeltaTime').mockReturnValue(1000 * seconds);
  for (let i = 0; i < frames && !scene.isDisposed; i++) scene.render();
  clock.mockRestore();
}

interface Hooks {
  observe?(): void;
  apply?(): void;
}

/** Agents at play that decide every step of 1/64 s, and what some of them do meanwhile. */
function open(hooks: Hooks = {}, count = 1, where = scene): { playback: PolicyPlayback; agents: readonly Agent[] } {
  const agents = Array.from({ length: count }, (_, i) => {
    const agent = new Agent({
      sensors: [
        new FunctionSensor('number', 1, (out, offset) => {
          out[offset] = 1;
          if (i === 0) hooks.observe?.();
        }),
        new FunctionSensor('other', 1, (out, offset) => out.fill(1, offset, offset + 1)),
      ],
      actuators: [
        new FunctionActuator({ name: 'say', continuous: 1, apply: () => i === 0 && hooks.apply?.() }),
        new FunctionActuator({ name: 'shout', continuous: 1, apply: () => {} }),
      ],
    });
    new TransformNode(`node ${i}`, where).addBehavior(agent, true);
    return agent;
  });
  const policy = createExactPolicy(
    {
      name: 'p',
      layout: agents[0].layout,
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      observationClip: 10,
      bounds: 'clip',
      timeStep: 1 / 64,
      decisionPeriod: 1,
    },
    {},
  );
  return { playback: playPolicy(policy, where, { agents }), agents };
}

describe('a playback', () => {
  it('stands still while a game has its physics off, and goes on in the same steps afterward', () => {
    const { agents } = open();
    show(64, 1 / 64);
    expect([steps, agents[0].decisions]).toEqual([64, 64]);
    scene.physicsEnabled = false;
    show(64, 1 / 64);
    expect([steps, agents[0].decisions]).toEqual([64, 64]);
    scene.physicsEnabled = true;
    show(64, 1 / 64);
    expect([steps, agents[0].decisions]).toEqual([128, 128]);
  });

  it('waits for a game that begins with its physics off, and leaves that as it is', () => {
    scene.physicsEnabled = false;
    const { playback, agents } = open();
    show(8, 1 / 64);
    playback.advance(0.1);
    expect([steps, agents[0].decisions]).toEqual([0, 0]);
    playback.stepDecision(); // is asked for
    expect([steps, agents[0].decisions]).toEqual([1, 1]);
    playback.dispose();
    expect(scene.physicsEnabled).toBe(false);
  });

  it('is paused in a scene without physics, too', () => {
    const bare = new Scene(new NullEngine());
    const { playback, agents } = open({}, 1, bare);
    bare.physicsEnabled = false;
    playback.advance(0.05);
    expect(agents[0].decisions).toBe(0);
    bare.physicsEnabled = true;
    playback.advance(0.05);
    expect(agents[0].decisions).toBe(3);
    bare.getEngine().dispose();
  });

  it('leaves a scene to Babylon’s own steps when the last is disposed', () => {
    const { playback } = open();
    const { playback: other } = open();
    const own = vi.spyOn(requirePhysics(scene, 'the test'), '_step');
    show(2, 1 / 32);
    playback.dispose();
    show(2, 1 / 32);
    expect([steps, own.mock.calls.length]).toEqual([8, 0]);
    other.dispose();
    show(2, 1 / 32);
    expect([steps, own.mock.calls]).toEqual([10, [[1 / 32], [1 / 32]]]);
    expect(Object.hasOwn(scene, '_advancePhysicsEngineStep')).toBe(false);
  });

  it('gets along with others that stand in for Babylon’s steps, before it and after', () => {
    const seen: string[] = [];
    const babylons = scene._advancePhysicsEngineStep.bind(scene);
    const first = (ms: number) => {
      seen.push('first');
      babylons(ms);
    };
    scene._advancePhysicsEngineStep = first;
    const { playback } = open();
    const ours = scene._advancePhysicsEngineStep;
    scene._advancePhysicsEngineStep = (ms) => {
      seen.push('second');
      ours(ms);
    };
    show(1, 1 / 64);
    expect([steps, seen]).toEqual([1, ['second']]);
    playback.dispose();
    show(1, 1 / 64);
    expect([steps, seen]).toEqual([2, ['second', 'second', 'first']]);
  });

  it('takes the steps that are due at 20 frames a second', () => {
    open();
    show(20, 1 / 20);
    expect(steps).toBeGreaterThanOrEqual(63);
    expect(steps).toBeLessThanOrEqual(64);
  });

  it('takes 0.1 s of steps after ten minutes in a hidden tab or without a render loop, and goes on from there', () => {
    open();
    show(1, 1 / 64);
    show(1, 600);
    expect(steps).toBe(1 + 6); // 0.1 s of 1/64 s each
    show(64, 1 / 64);
    expect(steps).toBe(7 + 64);
  });

  it('takes the same steps in lockstep, after ten minutes in a hidden tab as well', async () => {
    scene.getEngine().dispose();
    const engine = new NullEngine({
      renderWidth: 8,
      renderHeight: 8,
      textureSize: 8,
      deterministicLockstep: true,
      lockstepMaxSteps: 4,
    });
    scene = new Scene(engine);
    await enablePhysics(scene);
    new FreeCamera('camera', Vector3.Zero(), scene);
    const { agents } = open();
    show(60, 1 / 60); // one of Babylon's steps of 1/60 s each
    expect(agents[0].decisions).toBeGreaterThanOrEqual(62);
    expect(agents[0].decisions).toBeLessThanOrEqual(64);
    const before = agents[0].decisions;
    show(1, 600); // four of Babylon's steps are 4.27 of these
    expect(agents[0].decisions - before).toBeGreaterThanOrEqual(4);
    expect(agents[0].decisions - before).toBeLessThanOrEqual(5);
  });

  it('stands still while a game draws without animations, as Babylon’s physics does', () => {
    open();
    const clock = vi.spyOn(scene.getEngine(), 'getDeltaTime').mockReturnValue(1000 / 64);
    for (let i = 0; i < 4; i++) scene.render(true, true);
    clock.mockRestore();
    expect(steps).toBe(0);
  });

  it('goes on when a game stops its animations', () => {
    open();
    scene.animationsEnabled = false;
    show(4, 1 / 64);
    expect(steps).toBe(4);
  });

  it('keeps its time step, whatever a game sets meanwhile, and gives the game’s back in the end', () => {
    const physics = requirePhysics(scene, 'the test');
    physics.setGravity(Vector3.Zero());
    const node = createBareNode('box', scene);
    const agent = new Agent({
      sensors: [new FunctionSensor('number', 1, (out, offset) => out.fill(1, offset, offset + 1))],
      actuators: [new ForceActuator({ maxForce: 2, axes: 'x' })],
    });
    node.addBehavior(agent, true);
    node.physicsBody?.setLinearDamping(0);
    const policy = createExactPolicy(
      {
        name: 'p',
        layout: agent.layout,
        network: { hidden: [], activation: 'tanh', critic: 'none' },
        observationClip: 10,
        bounds: 'clip',
        timeStep: 1 / 64,
        decisionPeriod: 1,
      },
      { 'continuous.weight': [1] },
    );
    const playback = playPolicy(policy, scene, { agents: [agent] });
    for (let i = 0; i < 64; i++) {
      if (i % 4 === 0) physics.setTimeStep(1 / 30);
      playback.stepDecision();
    }
    expect(node.physicsBody?.getLinearVelocity().x).toBeCloseTo(2, 1); // 2 N on 1 kg for 1 s; 4.2 where forces count for 1/30 s
    playback.dispose();
    expect(physics.getTimeStep()).toBe(1 / 30);
  });

  it('goes on without physics when a game turns it off for good, and with it when it is back', async () => {
    const { playback, agents } = open();
    playback.stepDecision();
    scene.disablePhysicsEngine();
    playback.stepDecision();
    expect([steps, agents[0].decisions]).toEqual([1, 2]);
    scene.onBeforePhysicsObservable.addOnce(() => scene.disablePhysicsEngine());
    await enablePhysics(scene);
    playback.stepDecision();
    expect([steps, agents[0].decisions]).toEqual([1, 3]);
    await enablePhysics(scene);
    playback.stepDecision();
    expect([steps, agents[0].decisions]).toEqual([2, 4]);
  });

  it('gives physics back at once when an agent of its own disposes it', () => {
    const physics = requirePhysics(scene, 'the test');
    for (const hook of ['observe', 'apply'] as const) {
      const { playback } = open({ [hook]: () => playback.dispose() }, 3);
      playback.stepDecision();
      expect([playback.disposed, physics.getTimeStep(), steps]).toEqual([true, 1 / 60, 0]);
    }
  });

  it('lets what a game’s observer throws reach the game once, and goes on', () => {
    const { agents } = open();
    const broken = new RangeError('broken');
    for (const observable of [scene.onBeforePhysicsObservable, scene.onAfterPhysicsObservable]) {
      const before = agents[0].decisions;
      observable.addOnce(() => {
        throw broken;
      });
      expect(() => show(1, 1 / 64)).toThrow(broken);
      show(4, 1 / 64);
      expect(agents[0].decisions - before).toBeGreaterThanOrEqual(4);
    }
  });
});

describe('a scene that is disposed', () => {
  it('takes its playbacks along', async () => {
    const { playback, agents } = open();
    scene = await createBareScene();
    const other = await play(balanceBall, scene, { act: (_, action) => void action.fill(0) });
    playback.agents[0].attachedNode?.getScene().getEngine().dispose();
    expect([playback.disposed, agents[0].attachedNode]).toEqual([true, null]);
    expect(() => playback.stepDecision()).toThrow('[agents] A disposed playback cannot continue.');
    expect(other.disposed).toBe(false);
    scene.dispose();
    expect(other.disposed).toBe(true);
    other.dispose(); // once more does nothing
  });

  it('is refused', async () => {
    const { agents } = open();
    const [agent] = agents;
    scene.dispose();
    await expect(play(balanceBall, scene, { act: () => {} })).rejects.toThrow(
      '[agents] play("balance-ball") was given a disposed scene. Create a new one.',
    );
    expect(agent.attachedNode).toBeNull();
  });

  it.each(['observe', 'apply'] as const)('in the middle of %s() ends the playback without an error', (hook) => {
    const { playback } = open({ [hook]: () => scene.dispose() }, 3);
    playback.stepDecision();
    expect([playback.disposed, steps]).toEqual([true, 0]);
  });

  it.each(['onBeforePhysicsObservable', 'onAfterPhysicsObservable'] as const)(
    'by an observer of %s ends the playback without an error',
    (name) => {
      const { playback } = open({}, 3);
      scene[name].add(() => scene.dispose());
      playback.stepDecision();
      expect(playback.disposed).toBe(true);
    },
  );

  it('by a decision’s end, ends the playback without an error', () => {
    const { playback } = open({}, 3);
    playback.onDecisionObservable.add(() => scene.dispose());
    playback.advance(0.1); // six steps are due
    expect([playback.disposed, steps]).toEqual([true, 1]);
  });

  it.each(['observe', 'apply', 'afterStep'] as const)(
    'by %s of an environment ends the playback without an error',
    async (when) => {
      const calls: string[] = [];
      const note = (name: string, { root }: AreaContext) => {
        calls.push(name);
        if (root.isDisposed()) calls.push('of an area that is gone');
        if (name === when) scene.dispose();
      };
      const environment = defineEnvironment({
        name: 'quitter',
        timeStep: 1 / 64,
        decisionPeriod: 2,
        build(area) {
          const node = new TransformNode('node', area.scene);
          node.parent = area.root;
          const agent = new Agent({
            sensors: [
              new FunctionSensor('number', 1, (out, offset) => {
                out[offset] = 1;
                note('observe', area);
              }),
            ],
            actuators: [new FunctionActuator({ name: 'say', continuous: 1, apply: () => note('apply', area) })],
          });
          node.addBehavior(agent, true);
          return { reset() {}, afterStep: () => note('afterStep', area) };
        },
      });
      const playback = await play(environment, scene, { act: () => {} }, { count: 3 });
      playback.stepDecision();
      expect(playback.disposed).toBe(true);
      expect(calls.filter((name) => name === when)).toHaveLength(1);
      expect(calls).not.toContain('of an area that is gone');
    },
  );
});
