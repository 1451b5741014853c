import type { Scene } from '@babylonjs/core/scene.js';
import type { Notices } from '../../plugin/core/notices.ts';
import { callerOf } from '../../plugin/core/source-place.ts';
import { missInPage, standInForPage } from '../../plugin/core/stand-in-page.ts';
import type { AreaLogic, Environment } from '../../plugin/scene/environment.ts';
import { setScenePage } from '../../plugin/scene/scene-page.ts';
import type { HeadlessEngine } from '../headless-engine.ts';
import { keepCallers } from '../hold-timers.ts';
import { playsPart } from '../render-loops.ts';
import { PageElement } from './element.ts';
import { handOutEngine } from './hand-out-engine.ts';
import { Page } from './page.ts';

/** What is called in the place of a reader of a page: only who called it counts. */
const OURS = /[\\/]browser[\\/](stand-in|pages?)\.[jt]s/;
/** Members of a window that are no names of the thread: what it has its own of, and what is the class's own. */
const NOT_GLOBAL = new Set(
  'self parent top close focus postMessage constructor onload above dispatchSoon toString'.split(' '),
);

/** The page whose scene is being made or stepped: what the globals are those of. */
let current: Page | undefined;
let holders = 0;
let undo: (() => void)[] = [];
/** Ends with the last world that is being built: `new Engine()` can give but one world's. */
let turn: Promise<void> = Promise.resolve();

/** The pages that the scenes of one world were written for, as this thread's globals until its engine is disposed. */
export class Pages {
  readonly #engine: HeadlessEngine;
  readonly #notices: Notices;
  readonly #endTurn: () => void;
  readonly #takeBack: () => void;

  /** Waits until no other world of this thread is being built. */
  static async open(engine: HeadlessEngine, notices: Notices): Promise<Pages> {
    const before = turn;
    let end = () => {};
    turn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return new Pages(engine, notices, end);
    } catch (error) {
      end();
      throw error;
    }
  }

  private constructor(engine: HeadlessEngine, notices: Notices, endTurn: () => void) {
    this.#engine = engine;
    this.#notices = notices;
    this.#endTurn = endTurn;
    this.#takeBack = handOutEngine(engine, (canvas) => {
      if (current && canvas instanceof PageElement) current.canvas = canvas;
    });
    showCanvas(engine);
  }

  /** The environment, as that of the scene that is to be made next: its functions are called with a page of their own. */
  enclose(environment: Environment): Environment {
    return inPage(environment, this.#next(environment));
  }

  #next({ frames }: Environment): Page {
    current = new Page({
      onMiss: (name) => this.#miss(name),
      onFrame: (callback) => void (frames !== 0 && playsPart(callback) && this.#missFrame()),
      onNew: (name) => void undo.push(installName(name)),
    });
    if (holders++ === 0) undo = install(current);
    standInForPage(true);
    this.#engine.onDisposeObservable.add(release);
    return current;
  }

  /** Ends what holds while a world is built: `new Engine()` is Babylon's again. */
  built(): void {
    this.#takeBack();
    this.#endTurn();
  }

  #missFrame(): void {
    const place = callerOf(new Error(), OURS);
    this.#notices.add(
      `requestAnimationFrame() is called${place ? ` at ${place}` : ''}, and training has no display, so it never calls back. Move the rules of the game from there to \`scene.onBeforeRenderObservable\`, with \`frames\` in the environment; or give it \`frames: 0\` if its task does not need them.`,
    );
  }

  #miss(name: string): void {
    const place = callerOf(new Error(), OURS);
    missInPage(name, place);
    if (place)
      this.#notices.add(
        `${name} is read at ${place}: the page that training stands in for has none, so it is undefined there. If the scene does not need it, ignore this.`,
      );
  }
}

function inPage(environment: Environment, page: Page): Environment {
  const within = <T>(run: () => T): T => {
    current = page;
    return run();
  };
  return {
    ...environment,
    async build(area) {
      keepPage(area.scene, page);
      const logic = await within(() => environment.build(area));
      if (typeof logic?.reset !== 'function') return logic; // to be refused
      const { afterStep } = logic;
      const wrapped: AreaLogic = { reset: (random) => within(() => logic.reset(random)) };
      return afterStep ? { ...wrapped, afterStep: () => within(() => afterStep.call(logic)) } : wrapped;
    },
  };
}

/** Observers of a scene's physics and keys are called with its page. */
function keepPage(scene: Scene, page: Page): void {
  const enter = () => {
    current = page;
  };
  setScenePage(scene, enter);
  scene.onBeforePhysicsObservable?.add(enter, undefined, true);
}

/** An engine has the canvas, and the input, of the page whose turn it is. */
function showCanvas(engine: HeadlessEngine): void {
  const inputs = new WeakMap<Page, unknown>();
  Object.defineProperty(engine, '_renderingCanvas', {
    get: () => current?.canvas ?? null,
    set() {},
    configurable: true, // the engine may be that of another world later
  });
  Object.defineProperty(engine, '_deviceSourceManager', {
    get: () => current && inputs.get(current),
    set: (value) => current && inputs.set(current, value),
    configurable: true, // Babylon deletes it
  });
}

function release(): void {
  if (--holders > 0) return;
  for (const one of undo.splice(0)) one();
  current = undefined;
  standInForPage(false);
}

/** Makes the names of a window those of the thread. */
function install({ window }: Page): (() => void)[] {
  const names = new Set<string>();
  for (let owner: object = window; owner !== Object.prototype; owner = Object.getPrototypeOf(owner))
    for (const name of Object.getOwnPropertyNames(owner)) if (!NOT_GLOBAL.has(name)) names.add(name);
  keepCallers(keepCaller);
  return [...names].map(installName);
}

/** Has what is called later find the page that is here now. */
function keepCaller(call: () => void): () => void {
  const page = current;
  return () => {
    current = page;
    call();
  };
}

function installName(name: string): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  const get = () => Reflect.get(current?.window ?? {}, name);
  const set = (value: unknown) => void Reflect.set(current?.window ?? {}, name, value);
  Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(globalThis, name)?.get !== get) return; // somebody has put theirs there
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  };
}
