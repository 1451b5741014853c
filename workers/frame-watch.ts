import { AbstractActionManager } from '@babylonjs/core/Actions/abstractActionManager.js';
import type { Animatable } from '@babylonjs/core/Animations/animatable.core.js';
import type { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { servesDrawing } from '../plugin/scene/frame-observers.ts';
import type { HeadlessEngine } from './headless-engine.ts';
import { playsPart } from './render-loops.ts';

/** Decisions after which the contents of a scene are known. */
const DECISIONS = 600;
/** Babylon's numbers of triggers that frames look for: of every frame, and of meshes that begin and cease to intersect */
const TRIGGERS = [11, 12, 13] as const;
/** s of a usual frame */
const FRAME = 1 / 60;
const OBSERVABLES = [
  'onBeforeAnimationsObservable',
  'onAfterAnimationsObservable',
  'onBeforeRenderObservable',
  'onAfterRenderObservable',
  'onBeforeStepObservable',
  'onAfterStepObservable',
] as const;

/** Watches for what a scene has in frames where its environment gives it none: it would stand still without a word. */
export class FrameWatch {
  readonly #scene: Scene;
  readonly #environment: Environment;
  readonly #notices: Notices;
  readonly #told = new Set<string>();
  #decisions = 0;

  /** Watches one scene for all that are alike. */
  constructor(scene: Scene, environment: Environment, notices: Notices) {
    this.#scene = scene;
    this.#environment = environment;
    this.#notices = notices;
    const engine = scene.getEngine() as HeadlessEngine;
    if (environment.frames !== 0) this.#lookAtEngine(engine);
    if (environment.frames !== undefined) return;
    this.#watchTime(engine);
    this.look();
  }

  get done(): boolean {
    return this.#environment.frames !== undefined || this.#decisions >= DECISIONS;
  }

  /** Looks after a decision: much is added once a game is under way. */
  look(): void {
    this.#decisions++;
    if (this.done) return;
    const found = [...observersOf(this.#scene), ...animatedIn(this.#scene.animatables), ...triggersIn(this.#scene)];
    this.#tell(found.filter((what) => !this.#told.has(what)));
  }

  #tell(found: readonly string[]): void {
    if (found.length === 0) return;
    for (const what of found) this.#told.add(what);
    const frames = Math.max(1, Math.round(FRAME / this.#environment.timeStep));
    this.#notices.add(
      `Environment "${this.#environment.name}" has no frames in training, but its scene needs them: ${found.join(', ')}. None of that runs. Give the environment \`frames: ${frames}\`, or \`frames: 0\` if its task does not need them.`,
    );
  }

  /** What no environment gives: the loops and the frames of an engine are those of a display. */
  #lookAtEngine({ loops, onBeginFrameObservable, onEndFrameObservable }: HeadlessEngine): void {
    const frames = [onBeginFrameObservable, onEndFrameObservable].flatMap(({ observers }) => observers);
    const found = [
      ...([...loops].some(playsPart) ? ['a function of engine.runRenderLoop() that does more than draw'] : []),
      ...(frames.some(({ callback, unregisterOnNextCall }) => !unregisterOnNextCall && !servesDrawing(callback))
        ? ['frame observers on its engine']
        : []),
    ];
    if (found.length === 0) return;
    this.#notices.add(
      `The scene of environment "${this.#environment.name}" has ${found.join(' and ')}, which never runs in training. Move the rules of the game from there to \`scene.onBeforeRenderObservable\`, with \`frames\` in the environment; or give it \`frames: 0\` if its task does not need them.`,
    );
  }

  /** Reports code that asks for the time of a frame. */
  #watchTime(engine: HeadlessEngine): void {
    const scene = this.#scene;
    const ask = (what: string) => {
      if (!this.#told.has(what)) this.#tell([what]);
    };
    const getDeltaTime = engine.getDeltaTime.bind(engine);
    engine.getDeltaTime = () => {
      ask('code that calls engine.getDeltaTime(), which is 0');
      return getDeltaTime();
    };
    Object.defineProperty(scene, 'deltaTime', {
      configurable: true,
      get: () => ask('code that reads scene.deltaTime, which is undefined'),
      set: (value: number) => Object.defineProperty(scene, 'deltaTime', { value, writable: true }),
    });
  }
}

function observersOf(scene: Scene): readonly string[] {
  return OBSERVABLES.filter((name) => hasGameObservers(scene[name])).map((name) => `observers of scene.${name}`);
}

function hasGameObservers(observable: Observable<Scene>): boolean {
  return observable.hasObservers() && observable.observers.some(({ callback }) => !servesDrawing(callback));
}

/** Animations that are running, by what they move. */
function animatedIn(animatables: readonly Animatable[]): readonly string[] {
  if (animatables.length === 0) return [];
  const names = new Set(
    animatables.filter(({ paused }) => !paused).map(({ target }) => `"${target?.name ?? 'an object'}"`),
  );
  if (names.size === 0) return [];
  return [`animations of ${[...names].slice(0, 3).join(', ')}${names.size > 3 ? ' and others' : ''}`];
}

function triggersIn(scene: Scene): readonly string[] {
  if (!TRIGGERS.some((trigger) => AbstractActionManager.HasSpecificTrigger(trigger))) return [];
  const managers = [scene.actionManager, ...scene.meshes.map(({ actionManager }) => actionManager)];
  const some = managers.some((manager) => TRIGGERS.some((trigger) => manager?.hasSpecificTrigger(trigger)));
  return some ? ['triggers of an ActionManager'] : [];
}
