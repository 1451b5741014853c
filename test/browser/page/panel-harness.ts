import { h, render } from 'preact';
import '../../../demo-scenes/style.css';
import { ScenePage } from '../../../demo-scenes/panel/scene-page.tsx';
import type { DemoScene } from '../../../demo-scenes/scenes.ts';
import { type AgentLayout, writePolicy } from '../../../plugin/index.ts';
import { createPolicy, createSpec } from '../../policy/fixtures.ts';
import { environments } from './panel-harness-catalog.ts';

const RUNNER: AgentLayout = {
  sensors: [{ name: 'place', size: 2 }],
  actuators: [{ name: 'run', continuous: 1, branches: [] }],
};
const KEEPER: AgentLayout = {
  sensors: [{ name: 'clock', size: 3 }],
  actuators: [{ name: 'hands', continuous: 0, branches: [3] }],
};

/** The address of an untrained policy. */
function addressOf(name: string, layout: AgentLayout): string {
  const spec = { ...createSpec(layout), name, timeStep: 0.1, decisionPeriod: 2 };
  return URL.createObjectURL(new Blob([new Uint8Array(writePolicy(createPolicy(spec)))]));
}

const scene: DemoScene = {
  name: 'relay',
  title: 'Relay',
  about: 'Runners with two policies, and keepers with a third.',
  pictures: { light: '', dark: '' },
  policyPaths: [addressOf('low', RUNNER), addressOf('high', RUNNER), addressOf('keeper', KEEPER)],
  record: undefined,
  view: async () => ({ spacing: 6, floor: 0, near: { target: [0, 0, 0], distance: 10 }, colors: {} }),
};

function createWorker(): Worker {
  return new Worker(new URL('./panel-harness-worker.ts', import.meta.url), { type: 'module' });
}

/** The page of a scene whose agents have several policies, and whose parameter has lessons. */
render(h(ScenePage, { scene, platform: { environments, createWorker } }), document.body);
