import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { afterEach, describe, expect, it } from 'vitest';
import { walker } from '../../bench/environments/walker.ts';
import { keepAwake } from '../../bench/keep-awake.ts';
import { PhysicsCrowd, type Way } from '../../bench/physics-crowd.ts';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { loadHavok } from '../../plugin/scene/havok.ts';
import { createBareNode, createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';

describe('PhysicsCrowd', () => {
  const crowds: PhysicsCrowd[] = [];
  afterEach(() => {
    for (const crowd of crowds.splice(0)) crowd.dispose();
  });

  /** What all agents observe after some decisions. */
  async function observe(
    environment: typeof walker,
    worlds: number,
    areasPerWorld: number,
    way: Way,
  ): Promise<readonly number[]> {
    const crowd = await PhysicsCrowd.create(environment, worlds, areasPerWorld);
    crowds.push(crowd);
    crowd.live(6, way);
    return crowd.observations();
  }

  it.each([balanceBall, walker])(
    'lives through the same in $name, whichever way its steps are made',
    async (environment) => {
      const [babylons, ours, havoks] = [
        await observe(environment, 2, 2, 'babylon'),
        await observe(environment, 2, 2, 'ours'),
        await observe(environment, 2, 2, 'havok'),
      ];
      expect(havoks).toEqual(ours);
      expect(ours.length).toBe(babylons.length);
      ours.forEach((value, i) => {
        expect(value, `float ${i}`).toBeCloseTo(babylons[i], 2); // Babylon's sync rounds otherwise
      });
    },
  );

  it('has areas of its own in every world', async () => {
    const observed = await observe(balanceBall, 3, 1, 'ours');
    expect(new Set([observed[2], observed[10], observed[18]]).size).toBe(3);
  });
});

describe('keepAwake', () => {
  it('lets a box that lies still go on costing what it costs', async () => {
    const havok = await loadHavok();
    const asleep = async (awake: boolean) => {
      const scene = await createBareScene();
      const body = createBareNode('box', scene).physicsBody as PhysicsBody;
      body.setGravityFactor(0);
      if (awake) keepAwake([body]);
      stepScene(scene, 600);
      const [, state] = havok.HP_Body_GetActivationState(body._pluginData.hpBodyId);
      scene.getEngine().dispose();
      return state === havok.ActivationState.INACTIVE;
    };
    expect([await asleep(false), await asleep(true)]).toEqual([true, false]);
  });
});
