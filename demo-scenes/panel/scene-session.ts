import type { Environment, Policy, TrainingRecord } from '../../plugin/index.ts';
import { parsePolicy, readTrainingRecord } from '../../plugin/index.ts';
import type { CreateWorker, TrainingPreset } from '../../plugin/training.ts';
import type { CatalogEntry, EnvironmentCatalog } from '../../workers/index.ts';
import type { Field } from '../field/field.ts';
import { BrowserStore } from '../run/browser-store.ts';
import { LiveRun } from '../run/live-run.ts';
import type { DemoScene } from '../scenes.ts';
import { Cell } from './cell.ts';
import { hideProblem, showProblem } from './problems.tsx';
import { hasRun } from './run-summary.ts';
import { type Entries, policyEntries, presetEntries, type RunSettings, settingsOf } from './settings/form.ts';
import { theme } from './theme.ts';

/** What the areas can play: the policy shipped with the scene, the latest of the training, or a file that a person opened. */
export type Source = 'shipped' | 'training' | 'file';

/** What can be played: a policy, or one for each policy name of the agents, and what is known about the first. */
export interface Playable {
  readonly policies: readonly Policy[];
  /** of a file that a person opened */
  readonly name?: string;
  readonly record?: TrainingRecord | undefined;
}

/** Where the code of a scene comes from. */
export interface ScenePlatform {
  readonly environments: EnvironmentCatalog;
  /** Starts a worker that serves the same environments. */
  readonly createWorker: CreateWorker;
}

/** Displayed copies when a scene opens, if it has room for them. */
const AREAS = 16;

/** An open scene: what it plays, what it trains, and the settings for the next run. */
export class SceneSession {
  readonly scene: DemoScene;
  readonly run: LiveRun;
  /** once the scene is displayed */
  readonly field = new Cell<Field | undefined>(undefined);
  /** whether the scene could not be displayed; it trains anyway */
  readonly unseen = new Cell(false);
  /** whether a person drives the first area */
  readonly driving = new Cell(false);
  readonly source = new Cell<Source>('shipped');
  readonly playables = new Cell<Readonly<Partial<Record<Source, Playable>>>>({});
  /** the form as the environment's author fills it in, once that is known, and as it stands */
  readonly preset = new Cell<Entries | undefined>(undefined);
  readonly entries = new Cell<Entries | undefined>(undefined);
  readonly #entry: CatalogEntry;
  readonly #leave: (() => void)[] = [];
  #disposed = false;

  static async create(scene: DemoScene, platform: ScenePlatform): Promise<SceneSession> {
    return new SceneSession(scene, platform, await BrowserStore.open(scene.name));
  }

  private constructor(scene: DemoScene, { environments, createWorker }: ScenePlatform, store: BrowserStore) {
    this.scene = scene;
    this.#entry = environments[scene.name];
    this.run = new LiveRun(scene.name, { createWorker, store });
    this.#leave.push(
      this.run.onPolicies((policies) => this.#offer('training', { policies })),
      theme.subscribe(() => this.field.value?.paint(theme.value)),
    );
    Object.assign(globalThis, { demo: { run: this.run } });
  }

  /** Shows the scene, and its run saved in this browser, if any. */
  async open(canvas: HTMLCanvasElement): Promise<void> {
    const display = this.#show(canvas).catch((error: unknown) => {
      this.unseen.set(true);
      throw error;
    });
    const shown = Promise.all([this.#fillForm(), display]).then(([preset]) => this.#addPolicies(preset));
    shown.catch(() => {}); // reported below, or when restoring fails first
    const restored = await this.run.restore();
    if (restored) this.source.set('training');
    await shown;
  }

  /** Starts from scratch with the settings of the form, or resumes the existing run. */
  async train(): Promise<void> {
    hideProblem();
    this.source.set('training');
    try {
      await this.run.train(this.#request());
    } catch (error) {
      showProblem(error);
    }
  }

  /** Deletes the run; the areas play the shipped policy again. */
  async reset(): Promise<void> {
    hideProblem();
    const { training, ...others } = this.playables.value;
    this.playables.set(others);
    this.play('shipped');
    await this.run.reset();
  }

  /** Chooses what the areas play. */
  play(source: Source): void {
    this.source.set(source);
    const playable = this.playables.value[source];
    if (playable) this.field.value?.play(...playable.policies);
  }

  /** Plays policy files, or resumes from a checkpoint; explains if a file is neither, or not for these agents. */
  async take(...files: readonly File[]): Promise<void> {
    hideProblem();
    try {
      for (const file of files) {
        const bytes = new Uint8Array(await file.arrayBuffer());
        if (isCheckpoint(bytes)) {
          await this.run.loadCheckpoint(bytes, file.name);
          this.source.set('training');
        } else this.#takePolicy(bytes, file.name);
      }
    } catch (error) {
      showProblem(error);
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const leave of this.#leave) leave();
    this.run.dispose();
    this.field.value?.dispose();
  }

  /** The options for the next call to train(). */
  #request(): RunSettings | undefined {
    const { state } = this.run;
    const { started, update, finishReason } = state;
    const [entries, preset] = [this.entries.value, this.preset.value];
    if (!hasRun(state)) return entries && preset && settingsOf(entries, preset);
    if (finishReason === 'solved') return { until: Number.POSITIVE_INFINITY };
    if (finishReason === 'budget' && started)
      return { maxDecisions: (update?.decisions ?? 0) + started.settings.maxDecisions };
    return undefined;
  }

  #takePolicy(bytes: Uint8Array, name: string): void {
    const who = `"${name}"`;
    const policy = parsePolicy(bytes, who);
    this.field.value?.requireFit(policy);
    const others = this.playables.value[this.source.value]?.policies ?? [];
    const policies = [policy, ...others.filter(({ spec }) => spec.name !== policy.spec.name)];
    this.#offer('file', { policies, name, record: readTrainingRecord(bytes, who) });
    this.play('file');
  }

  #offer(source: Source, playable: Playable): void {
    this.playables.set({ ...this.playables.value, [source]: playable });
    if (this.source.value === source) this.field.value?.play(...playable.policies);
  }

  async #show(canvas: HTMLCanvasElement): Promise<void> {
    const { policyPaths, record } = this.scene;
    const [{ Field: Opened }, environment, view, ...policies] = await Promise.all([
      import('../field/field.ts'),
      this.#entry.environment(),
      this.scene.view(),
      ...policyPaths.map(fetchPolicy),
    ]);
    if (this.#disposed) return;
    this.#offer('shipped', { policies, record });
    const field = await Opened.open({ canvas, environment, view, areas: AREAS, theme: theme.value });
    if (this.#disposed) return field.dispose();
    field.paint(theme.value); // it may have changed in the meantime
    field.play(...(this.playables.value[this.source.value]?.policies ?? policies));
    this.field.set(field);
    Object.assign(globalThis, { demo: { run: this.run, field } }); // for the browser's console
  }

  async #fillForm(): Promise<TrainingPreset> {
    const { environment: load, training } = this.#entry;
    const [environment, preset]: [Environment, TrainingPreset] = await Promise.all([load(), training?.() ?? {}]);
    const entries = presetEntries(preset, environment.parameters);
    this.preset.set(entries);
    this.entries.set(entries);
    return preset;
  }

  /** Adds to the form what each of several policies is trained with: which there are, only the agents on display tell. */
  #addPolicies({ policies }: TrainingPreset): void {
    const names = this.field.value?.playback.clock.policyRows.map(({ policy }) => policy) ?? [];
    if (names.length < 2) return;
    const added = policyEntries(names, policies);
    const [preset, entries] = [this.preset.value, this.entries.value];
    this.preset.set({ ...preset, ...added });
    this.entries.set(entries === preset ? this.preset.value : { ...entries, ...added });
  }
}

async function fetchPolicy(address: string): Promise<Policy> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`"${address}" cannot be fetched: ${response.status} ${response.statusText}.`);
  return parsePolicy(new Uint8Array(await response.arrayBuffer()), `"${address}"`);
}

/** Whether a file's header says that it is a checkpoint; a safetensors file begins with its header's length. */
function isCheckpoint(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return new TextDecoder().decode(bytes.subarray(8, 8 + length)).includes('"babylon-agents-checkpoint"');
}
