import type { Scene } from '@babylonjs/core/scene.js';
import { type Playback, Policy, parsePolicy, play, readTrainingRecord } from '../plugin/index.ts';
import type { TrainingEvent } from '../plugin/training.ts';
import { requireEnvironment } from '../workers/index.ts';
import { environments } from './catalog.ts';
import { requireElement } from './elements.ts';
import { acceptPolicyFiles } from './policy-files.ts';
import { hideProblem, showProblem, showUncaughtProblems } from './problem.ts';
import { showOpening, showPlaying, showPolicy, showTraining } from './readout.ts';
import { type DemoScene, scenes } from './scenes.ts';
import { createStage, startRendering } from './stage.ts';
import { startTraining, type TrainingSession } from './training-session.ts';
import type { Paint } from './view.ts';

const trainButton = requireElement('train', HTMLButtonElement);
const stopButton = requireElement('stop', HTMLButtonElement);

/** A demo scene on display, and the training that may be going on beside it. */
class Demo {
  readonly scene: Scene;
  readonly playback: Playback;
  readonly #name: string;
  #session: TrainingSession | undefined;

  static async open({ name, title, about, policy, view }: DemoScene): Promise<Demo> {
    requireElement('title', HTMLElement).textContent = title;
    requireElement('about', HTMLElement).textContent = about;
    const [scene, environment, looks, file] = await Promise.all([
      createStage(requireElement('stage', HTMLCanvasElement)),
      requireEnvironment(environments, name),
      view(),
      fetchBytes(policy),
    ]);
    const { areas: count, spacing } = looks;
    const playback = await play({ ...environment, spacing }, scene, parsePolicy(file, policy), { count });
    followTheme(looks.decorate(scene));
    await startRendering(scene);
    showPolicy('the policy that comes with the demo', readTrainingRecord(file, policy));
    return new Demo(scene, playback, name);
  }

  private constructor(scene: Scene, playback: Playback, name: string) {
    this.scene = scene;
    this.playback = playback;
    this.#name = name;
  }

  /** Trains from scratch until it is stopped or its budget is used up; the areas play every new policy. */
  async train(): Promise<void> {
    hideProblem();
    showOpening();
    this.#session = startTraining(this.#name, this.#follow());
    showSession(true);
    try {
      await this.#session.ended;
    } catch (error) {
      showPlaying('Training has ended with an error.');
      showProblem(error);
    } finally {
      this.#session = undefined;
      showSession(false);
    }
  }

  stop(): void {
    this.#session?.stop();
    stopButton.disabled = true;
  }

  /** Plays a policy file; a training that goes on ends first. */
  async playFile(file: File): Promise<void> {
    hideProblem();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const who = `"${file.name}"`;
      const policy = parsePolicy(bytes, who);
      for (const { layout } of this.playback.clock.groups) policy.requireLayout(layout);
      this.stop();
      await this.#session?.ended;
      this.playback.control(policy);
      showPolicy(file.name, readTrainingRecord(bytes, who));
    } catch (error) {
      showProblem(error);
    }
  }

  #follow(): (event: TrainingEvent) => void {
    let policy: Policy;
    return (event) => {
      if (event.kind === 'started') policy = new Policy(event.spec);
      if (event.kind === 'update') {
        policy.update(event.parameters);
        this.playback.control(policy);
      }
      showTraining(event);
    };
  }
}

function showSession(running: boolean): void {
  trainButton.hidden = running;
  stopButton.hidden = !running;
  stopButton.disabled = false;
}

function followTheme(paint: Paint): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => paint(dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', apply);
  apply();
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`"${address}" cannot be fetched: ${response.status} ${response.statusText}.`);
  return new Uint8Array(await response.arrayBuffer());
}

async function start(): Promise<void> {
  showUncaughtProblems();
  try {
    const demo = await Demo.open(scenes[0]);
    Object.assign(globalThis, { demo }); // for the browser's console
    acceptPolicyFiles((file) => void demo.playFile(file));
    trainButton.addEventListener('click', () => void demo.train());
    stopButton.addEventListener('click', () => demo.stop());
    for (const id of ['train', 'open']) requireElement(id, HTMLButtonElement).disabled = false;
  } catch (error) {
    showPlaying('The scene could not be shown.');
    showProblem(error);
  }
}

void start();
