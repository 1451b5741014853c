import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import '@babylonjs/core/Materials/standardMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { balanceBall } from '../../../demo-scenes/balance-ball/environment.ts';
import { type Agent, enablePhysics, loadPolicy, play } from '../../../plugin/index.ts';
import { showAgents } from '../../../plugin/inspector.ts';
import { runtimeOf } from '../../../plugin/scene/agent-runtime.ts';

const canvas = document.getElementById('stage') as HTMLCanvasElement;
const engine = new Engine(canvas, false);
engine.setHardwareScalingLevel(8); // nobody looks, and software draws every pixel
const scene = new Scene(engine);
new ArcRotateCamera('camera', -1.2, 1, 40, Vector3.Zero(), scene);
new HemisphericLight('sky', new Vector3(0.3, 1, -0.4), scene);
await enablePhysics(scene);
const policyFile = new URL('../../../demo-scenes/balance-ball/balance-ball.safetensors', import.meta.url);
const policy = await loadPolicy(policyFile.href);
let playback = await play(balanceBall, scene, policy, { count: 4 });
let inspector: Awaited<ReturnType<typeof showAgents>> | undefined;

const harness = {
  frames: () => scene.getFrameId(),
  agents: () => playback.clock.policyRows[0].agents,

  async open(): Promise<void> {
    inspector = await showAgents(scene, { disableTeachingMoments: true });
  },

  close: () => inspector?.dispose(),

  /** Who listens to the scene's frames: Babylon, the game, the Inspector, the pane. */
  frameListeners: () => scene.onAfterRenderObservable.observers.length,

  /** Puts other areas in the place of those on display. */
  async rebuild(count: number): Promise<void> {
    playback.dispose();
    playback = await play(balanceBall, scene, policy, { count });
  },

  /** Stops or goes on with the world. */
  freeze(frozen: boolean): void {
    playback.paused = frozen;
    scene.physicsEnabled = !frozen;
  },

  /** What agent n senses now. */
  observe(n: number): number[] {
    const observation = new Float32Array(8);
    runtimeOf(harness.agents()[n]).observe(observation, 0);
    return Array.from(observation);
  },

  /** How often agents are asked what they sense during so many frames. */
  async countLooks(frames: number): Promise<number> {
    let looks = 0;
    const agents = harness.agents() as Agent[];
    for (const agent of agents) {
      agent.sense = (out, offset) => {
        looks++;
        Object.getPrototypeOf(agent).sense.call(agent, out, offset);
      };
    }
    for (let i = 0; i < frames; i++) await new Promise((resolve) => scene.onAfterRenderObservable.addOnce(resolve));
    for (const agent of agents) delete (agent as Partial<Agent>).sense;
    return looks;
  },
};

engine.runRenderLoop(() => scene.render());

declare global {
  interface Window {
    inspectorHarness: typeof harness;
    /** what is selected in the Inspector, as the Inspector leaves it for the console */
    debugNode: { readonly name: string; readonly parent: { readonly name: string } | null } | null;
  }
}

window.inspectorHarness = harness;
