import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { setAndStartTimer } from '@babylonjs/core/Misc/timer.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { type AreaContext, defineEnvironment, type EnvironmentSpec } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const opened: { dispose(): void }[] = [];
const native = { setTimeout, setInterval, clearTimeout, clearInterval, Date, now: performance.now };
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

type Game = (scene: Scene, tell: (what: string) => void) => void;

/** A world of a game's scene, with a decision each frame of 1/50 s, and what the game tells. */
async function open(game: Game, changes: { [K in keyof EnvironmentSpec]?: EnvironmentSpec[K] | undefined } = {}) {
  const told: string[] = [];
  let frame = 0;
  const environment = defineEnvironment({
    name: 'game',
    ...{ frames: 1, timeStep: 1 / 50, decisionPeriod: 1, maxDecisions: 10_000 },
    build(area: AreaContext) {
      const sensor = new FunctionSensor('nothing', 1, () => {});
      const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply() {} });
      area.find('box').addBehavior(new Agent({ sensors: [sensor], actuators: [rest] }), true);
      return { reset() {} };
    },
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      CreateBox('box', {}, scene);
      game(scene, (what) => told.push(`${what} ${frame}`));
      return scene;
    },
    ...changes,
  } as EnvironmentSpec);
  const world = await HeadlessWorld.create(environment, {});
  opened.push(world);
  world.restart();
  const live = (frames: number) => {
    for (let i = 0; i < frames; i++, frame++) world.step();
  };
  live(0);
  frame = 1;
  return { world, told, live };
}

describe('the timers of a world with frames', () => {
  it('count its frames, those that were set while its scene was made from its start on', async () => {
    const { told, live } = await open((_, tell) => {
      const spawn = () => {
        tell('spawn');
        setTimeout(spawn, 100);
      };
      setTimeout(spawn, 60);
      setTimeout((...values) => tell(values.join()), 20, 'a', 'b');
      const tick = setInterval(() => tell('tick'), 80);
      setTimeout(() => clearInterval(tick), 170);
      clearTimeout(setTimeout(() => tell('never'), 20));
    });
    live(14);
    // frames of 20 ms: 60, 160 and 260 ms are the 3rd, 8th and 13th
    expect(told).toEqual(['a,b 1', 'spawn 3', 'tick 4', 'tick 8', 'spawn 8', 'spawn 13']);
  });

  it('run by the wall clock while its scene is made, and those of others always', async () => {
    let waited = false;
    const { world, told, live } = await open((_, tell) => tell('made'), {
      async createScene(engine: AbstractEngine) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        waited = true;
        const scene = new Scene(engine);
        await enablePhysics(scene);
        CreateBox('box', {}, scene);
        return scene;
      },
    });
    expect(waited).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1));
    live(1);
    world.dispose();
    expect(told).toEqual([]);
    expect({ setTimeout, setInterval, clearTimeout, clearInterval, Date, now: performance.now }).toEqual(native);
  });

  it('have their clocks: all count the frames, and none moves within one', async () => {
    const clocks: number[][] = [];
    const { live } = await open((scene) => {
      const began = [Date.now(), new Date(), performance.now()].map(Number);
      scene.onBeforeRenderObservable.add(() => {
        const now = [Date.now(), new Date(), performance.now()].map(Number);
        clocks.push(now.map((ms, i) => Math.round(ms - began[i])));
      });
    });
    live(3);
    expect(clocks).toEqual([
      [20, 20, 20],
      [40, 40, 40],
      [60, 60, 60],
    ]);
  });

  it("have Babylon's own timers run by them", async () => {
    const { told, live } = await open((scene, tell) => {
      setAndStartTimer({
        timeout: 50,
        contextObservable: scene.onBeforeRenderObservable,
        onEnded: () => tell('ended'),
      });
    });
    live(5);
    expect(told).toEqual(['ended 3']);
  });

  it('fire between frames, at the time that they are due', async () => {
    const due: number[] = [];
    const { live } = await open(
      () => {
        const began = performance.now();
        setInterval(() => due.push(Math.round(performance.now() - began)), 15);
      },
      { frames: 2, timeStep: 1 / 100 },
    );
    live(4); // 2 frames of 20 ms
    expect(due).toEqual([15, 30]);
  });

  it('end with it', async () => {
    const { world, told } = await open((_, tell) => void setTimeout(() => tell('late'), 1));
    world.dispose();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(told).toEqual([]);
  });
});

const USES: readonly (readonly [string, Game, string])[] = [
  ['a timer that waits when the scene is made', () => void setTimeout(() => {}, 1e6), 'setTimeout()'],
  ['an interval', () => void setInterval(() => {}, 1e6), 'setInterval()'],
  [
    'a timer that rules set',
    (scene) => scene.onAfterPhysicsObservable.add(() => void setTimeout(() => {}, 1e6)),
    'setTimeout()',
  ],
  [
    'rules that read the clock',
    (scene) => scene.onAfterPhysicsObservable.add(() => void Date.now()),
    'Date.now() or performance.now()',
  ],
];

describe('a world without frames', () => {
  it.each(USES)('warns of %s, with its place', async (_, game, what) => {
    const { world, live } = await open(game, { frames: undefined });
    live(2);
    expect(world.notices.take()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Environment "game" has no frames in training, and its scene uses ${what.replaceAll(/[().]/g, '\\$&')} at test/workers/world-time.test.ts:\\d+:\\d+, which counts by the wall clock, and training is faster. Set \`frames: 1\``,
        ),
      ),
    ]);
  });

  it.each(USES)('is silent about %s where frames are 0', async (_, game) => {
    const { world, live } = await open(game, { frames: 0 });
    live(2);
    expect(world.notices.take()).toEqual([]);
  });

  it('is silent about timers that are over when the scene is made, and gives the thread its own back', async () => {
    const { world, live } = await open(() => clearTimeout(setTimeout(() => {}, 1e6)), { frames: undefined });
    live(1800);
    expect(world.notices.take()).toEqual([]);
    expect({ setTimeout, setInterval, clearTimeout, clearInterval, Date, now: performance.now }).toEqual(native);
  });
});
