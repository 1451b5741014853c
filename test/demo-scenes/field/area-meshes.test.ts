import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../../demo-scenes/balance-ball/environment.ts';
import { type AreaMesh, AreaMeshes } from '../../../demo-scenes/field/area-meshes.ts';
import { ReturnsTracker } from '../../../demo-scenes/field/returns.ts';
import { Tint } from '../../../demo-scenes/field/tint.ts';
import { type Playback, play } from '../../../plugin/index.ts';
import { createBareScene } from '../../../plugin/testing/bare-scene.ts';

let scene: Scene;
let playback: Playback;
let meshes: AreaMeshes;
beforeEach(async () => {
  scene = await createBareScene();
  playback = await play({ ...balanceBall, spacing: 8 }, scene, { act: () => {} }, { count: 4 });
  const material = new StandardMaterial('any', scene);
  meshes = new AreaMeshes(scene, playback.clock, () => material);
});
afterEach(() => scene.getEngine().dispose());

function requireMesh(name: string): AreaMesh {
  const found = meshes.all.find((area) => area.name === name);
  if (!found) throw new Error(`No mesh "${name}".`);
  return found;
}

/** Where the ball of area `i` is drawn [m]. */
function readBall(i: number): number[] {
  return [...requireMesh('ball').shown.slice(16 * i + 12, 16 * i + 15)];
}

describe('AreaMeshes', () => {
  it('draws one mesh for the balls and one for the platforms of all areas, and hides the nodes', () => {
    expect(meshes.all.map(({ name, nodes }) => [name, nodes.length])).toEqual([
      ['platform', 4],
      ['ball', 4],
    ]);
    expect(scene.meshes.filter(({ isVisible }) => isVisible)).toHaveLength(2);
  });

  it('draws between the last two steps', () => {
    const ball = requireMesh('ball').nodes[2];
    ball.position.set(0.5, 3, 0.25);
    meshes.step();
    meshes.step();
    ball.position.set(0.5, 2, 0.25);
    meshes.step();
    const heights = [0, 0.25, 1].map((progress) => {
      meshes.show(progress);
      return readBall(2)[1];
    });
    expect(heights).toEqual([3, 2.75, 2]);
    expect(readBall(2)).toEqual([0.5 - 4, 2, 0.25 + 4]); // the third of 2 × 2 areas, 8 m apart
  });

  it('draws a node that was put elsewhere where it is, not on a way that it never took', () => {
    const ball = requireMesh('ball').nodes[0];
    ball.position.set(0, -1, 0);
    meshes.step();
    ball.position.set(0, 4, 0);
    meshes.step();
    meshes.show(0);
    expect(readBall(0)[1]).toBe(4);
  });

  it('draws nothing of a node that is disabled', () => {
    requireMesh('ball').nodes[1].setEnabled(false);
    meshes.step();
    meshes.show(1);
    expect([...requireMesh('ball').shown.slice(16, 32)]).toEqual(new Array(16).fill(0));
    expect(readBall(2)[1]).not.toBe(0);
  });
});

describe('Tint', () => {
  it('colors each copy by its own agent’s return, within the range that is given', () => {
    const returns = new ReturnsTracker(playback);
    const platforms = requireMesh('platform');
    const tint = new Tint(meshes, [platforms], returns, playback.clock, { worst: 0, best: 10 });
    returns.standing.set([0, 10, -5, 99]);
    tint.paint(() => '#000000');
    const [worst, best, below, beyond] = [0, 1, 2, 3].map((i) => [...platforms.colors.slice(4 * i, 4 * i + 4)]);
    expect(below).toEqual(worst);
    expect(beyond).toEqual(best);
    expect(worst[0]).toBeCloseTo((0.65 * 0x43) / 255, 5);
    expect(best[0]).toBeCloseTo((0.65 * 0xc2) / 255, 5);
    expect(tint.range).toEqual([0, 10]);
  });

  it('reaches from the lowest return to the highest so far when no range is given, and changes softly', () => {
    const returns = new ReturnsTracker(playback);
    const platforms = requireMesh('platform');
    const tint = new Tint(meshes, [platforms], returns, playback.clock);
    expect(tint.range).toEqual([0, 0]);
    tint.paint(() => '#000000');
    for (let i = 0; i < 200; i++) playback.stepDecision(); // nobody acts: balls fall
    expect(tint.range[0]).toBe(returns.lowest);
    expect(tint.range[1]).toBeGreaterThan(tint.range[0]);
    returns.standing.fill(tint.range[1]);
    const before = platforms.colors[0];
    tint.update(0.1);
    const soon = platforms.colors[0];
    tint.update(10);
    const late = platforms.colors[0];
    expect(soon).toBeGreaterThan(before);
    expect(late).toBeGreaterThan(soon);
    expect(late).toBeCloseTo((0.65 * 0xc2) / 255, 5);
  });
});
