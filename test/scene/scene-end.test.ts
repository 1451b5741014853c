import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { play } from '../../plugin/scene/play.ts';
import { showOverlay } from '../../plugin/scene/show-overlay.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';

const still = { act: (_: Float32Array, action: Float32Array) => void action.fill(0) };

describe('when its scene is disposed', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await createBareScene();
    new FreeCamera('camera', Vector3.Zero(), scene);
  });

  it('a playback ends too, and disposing it again does nothing', async () => {
    const playback = await play(balanceBall, scene, still);
    const overlay = await showOverlay(playback, scene);
    scene.render();
    scene.dispose();
    expect(playback.disposed).toBe(true);
    for (let i = 0; i < 2; i++) {
      playback.dispose();
      overlay?.dispose();
    }
    expect(() => playback.stepDecision()).toThrow('[agents] A disposed playback cannot continue.');
    expect(scene.onDisposeObservable.hasObservers()).toBe(false);
    scene.getEngine().dispose();
  });

  it('play() ends with an error that says so if build() was still running', async () => {
    let finishLoading = () => {};
    const loading = new Promise<void>((resolve) => {
      finishLoading = resolve;
    });
    const slow = defineEnvironment({
      ...balanceBall,
      async build(area) {
        const logic = await balanceBall.build(area);
        await loading;
        return logic;
      },
    });
    const playing = play(slow, scene, still);
    scene.dispose();
    finishLoading();
    await expect(playing).rejects.toThrow(
      '[agents] Environment "balance-ball" lost its scene: it was disposed while build() was running. Start again with a new one.',
    );
    scene.getEngine().dispose();
  });
});
