import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  rememberPoses,
} from '../../plugin/index.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

type Reset = (area: AreaContext, character: PhysicsCharacterController) => () => void;

/** What a user hears of a character that walks 2 m/s for episodes of 1 s. */
async function hear(reset: Reset): Promise<readonly string[]> {
  const environment = defineEnvironment({
    name: 'walk',
    frames: 1,
    decisionPeriod: 6,
    maxDecisions: 10,
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      const player = CreateBox('player', {}, scene);
      const shape = { capsuleHeight: 1.8, capsuleRadius: 0.4 };
      const character = new PhysicsCharacterController(new Vector3(0, 5, 0), shape, scene);
      scene.onAfterPhysicsObservable.add(() => {
        const support = character.checkSupport(1 / 60, Vector3.Down());
        character.setVelocity(new Vector3(2, 0, 0));
        character.integrate(1 / 60, support, Vector3.Zero());
        player.position.copyFrom(character.getPosition());
      });
      scene.metadata = character;
      return scene;
    },
    build(area) {
      const sensors = [new FunctionSensor('nothing', 1, (out, offset) => void out.fill(0, offset, offset + 1))];
      const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply() {} });
      area.find('player').addBehavior(new Agent({ sensors, actuators: [rest] }));
      return { reset: reset(area, area.scene.metadata) };
    },
  });
  const world = await HeadlessWorld.create(environment, {});
  worlds.push(world);
  for (let i = 0; i < 60; i++) {
    world.restart();
    world.step();
  }
  return world.notices.take();
}

describe('a run with a PhysicsCharacterController', () => {
  it('warns if rememberPoses() does not know of it', async () => {
    expect(await hear(({ scene }) => rememberPoses(scene).restore)).toEqual([
      'reset() of environment "walk" moves the node of a PhysicsCharacterController but not the controller, which continues from where the last episode ended. Name it: `rememberPoses(scene, { characters: [controller] })`, or call its setPosition() and setVelocity() in reset().',
    ]);
  });

  it('is silent if it does, if reset() moves it, and if episodes continue', async () => {
    expect(await hear(({ scene }, character) => rememberPoses(scene, { characters: [character] }).restore)).toEqual([]);
    expect(
      await hear(({ scene }, character) => {
        const start = rememberPoses(scene);
        return () => {
          start.restore();
          character.setPosition(new Vector3(0, 5, 0));
        };
      }),
    ).toEqual([]);
    expect(await hear(() => () => {})).toEqual([]);
  });
});
