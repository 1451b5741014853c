import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { EngineFactory } from '@babylonjs/core/Engines/engineFactory.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine.js';
import { GamepadManager } from '@babylonjs/core/Gamepads/gamepadManager.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  type EnvironmentSpec,
  FunctionActuator,
  FunctionSensor,
  KeyActuator,
  runScript,
} from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

/** An agent that watches and does nothing. */
function hang({ scene }: AreaContext): void {
  const sensors = [new FunctionSensor('none', 1, () => {})];
  const actuators = [new FunctionActuator({ name: 'none', continuous: 1, apply: () => {} })];
  scene.getTransformNodeByName('box')!.addBehavior(new Agent({ sensors, actuators }));
}

async function open(changes: Partial<EnvironmentSpec>, count = 1): Promise<HeadlessWorld> {
  const build = (area: AreaContext) => {
    hang(area);
    return { reset: () => {} };
  };
  const environment = defineEnvironment({ name: 'app', browser: true, build, ...changes });
  const world = await HeadlessWorld.create(environment, { count });
  worlds.push(world);
  return world;
}

/** A game as tutorials write it, with an engine, a canvas and listeners of its own. */
class App {
  readonly engine: Engine;
  readonly scene: Scene;
  readonly canvas = document.createElement('canvas');
  resizes = 0;

  constructor() {
    this.canvas.id = 'gameCanvas';
    document.body.appendChild(this.canvas);
    this.engine = new Engine(this.canvas, true);
    this.scene = new Scene(this.engine);
    new FreeCamera('camera', Vector3.Zero(), this.scene).attachControl(this.canvas, true);
    new TransformNode('box', this.scene);
    window.addEventListener('resize', () => {
      this.resizes++;
      this.engine.resize();
    });
    this.engine.runRenderLoop(() => this.scene.render());
  }
}

const globals = () => Object.getOwnPropertyNames(globalThis).sort();

describe('a scene that was written for a page, with `browser: true`', () => {
  it('has the engine of training where it makes one, and that of Babylon elsewhere', async () => {
    const apps: App[] = [];
    const createScene = (engine: unknown) => {
      const app = new App();
      apps.push(app);
      expect(app.engine).toBe(engine);
      expect(app.engine).toBeInstanceOf(Engine);
      expect(Engine.isSupported()).toBe(true);
      return app.scene;
    };
    const { clock } = await open({ createScene }, 2);
    expect(clock.areas.map(({ scene }) => scene)).toEqual(apps.map(({ scene }) => scene));
    expect(new NullEngine()).not.toBe(apps[0].engine);
    expect(Object.getPrototypeOf(Engine).name).toBe('ThinEngine');
  });

  it("finds files by the page's address", async () => {
    const texts: string[] = [];
    const createScene = async () => {
      for (const address of [
        'README.md',
        new URL('./README.md', document.baseURI).href,
        new URL('README.md', location.href),
      ])
        texts.push(await (await fetch(address)).text());
      return new App().scene;
    };
    await open({ createScene });
    const readme = readFileSync('README.md', 'utf8');
    expect(texts).toEqual([readme, readme, readme]);
  });

  it('has a window, a document, a canvas and storage of its own in every area', async () => {
    const apps: App[] = [];
    const seen: unknown[] = [];
    const createScene = () => {
      const app = new App();
      apps.push(app);
      seen.push(localStorage.getItem('areas'));
      localStorage.setItem('areas', 'one');
      document.getElementById('score')!.textContent = `area ${apps.length}`;
      return app.scene;
    };
    const build = (area: AreaContext) => {
      const page = window;
      hang(area);
      return {
        reset: () => void page.dispatchEvent(new Event('resize')),
        afterStep: () =>
          void seen.push(document.querySelector('#score')!.textContent, document.querySelector('canvas')),
      };
    };
    const world = await open({ createScene, build, decisionPeriod: 1 }, 2);
    world.step();
    expect(seen).toEqual([null, null, 'area 1', apps[0].canvas, 'area 2', apps[1].canvas]);
    expect(apps.map(({ resizes }) => resizes)).toEqual([1, 1]);
  });

  it('hears the keys that its own agent presses, once, however it listens', async () => {
    const heard: string[][] = [];
    const createScene = () => {
      const { scene, canvas } = new App();
      const log: string[] = [];
      heard.push(log);
      for (const target of [canvas, document, window])
        target.addEventListener('keydown', (event) => log.push((event as KeyboardEvent).code));
      scene.onKeyboardObservable.add(({ event }) => log.push(`babylon ${event.code}`));
      return scene;
    };
    const build = ({ scene }: AreaContext) => {
      const sensors = [new FunctionSensor('none', 1, () => {})];
      const agent = new Agent({ sensors, actuators: [new KeyActuator({ keys: ['KeyW'] })] });
      scene.getTransformNodeByName('box')!.addBehavior(agent);
      return { reset: () => {} };
    };
    const world = await open({ createScene, build }, 2);
    world.rows.action.set([1, 0]); // held, and not
    world.step();
    expect(heard).toEqual([['babylon KeyW', 'KeyW', 'KeyW', 'KeyW'], []]);
  });

  it('is told that its page is loaded', async () => {
    const heard: string[] = [];
    const createScene = async () => {
      window.onload = () => heard.push('onload');
      document.addEventListener('DOMContentLoaded', () => heard.push('content'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new App().scene;
    };
    await open({ createScene });
    expect(heard).toEqual(['onload', 'content']);
  });

  it('leaves the thread as it was', async () => {
    const before = globals();
    const createScene = () => {
      Object.assign(window, { game: new App() });
      return (globalThis as unknown as { game: App }).game.scene;
    };
    await open({ createScene }, 2);
    expect(globals()).toContain('document');
    worlds.pop()!.dispose();
    expect(globals()).toEqual(before);
  });

  it('may keep its engine in a constant of a module, which world after world has', async () => {
    let engine: Engine | undefined;
    const createScene = () => {
      engine ??= new Engine(document.querySelector('canvas'), true);
      const scene = new Scene(engine);
      new TransformNode('box', scene);
      return scene;
    };
    for (let i = 0; i < 3; i++) {
      const { clock } = await open({ createScene }, 2);
      expect(clock.areas.map(({ scene }) => scene.getEngine())).toEqual([engine, engine]);
      worlds.pop()!.dispose();
      expect(engine!.scenes).toHaveLength(0);
    }
  });

  it('has the engine by Babylon’s factory, too; of WebGPU there is none, and the error says what to take', async () => {
    const createScene = async () => {
      const scene = new Scene(await EngineFactory.CreateAsync(document.querySelector('canvas')!, {}));
      new TransformNode('box', scene);
      return scene;
    };
    expect((await open({ createScene })).clock.areas).toHaveLength(1);
    const ask = async () => {
      const engine = new WebGPUEngine(document.querySelector('canvas')!);
      await engine.initAsync();
      return new Scene(engine);
    };
    await expect(open({ createScene: ask })).rejects.toThrow('in place of any other, such as WebGPUEngine');
  });

  it('waits its turn where another is being built, so that each has its own engine', async () => {
    const createScene = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new App().scene;
    };
    const [one, two] = await Promise.all([open({ createScene }), open({ createScene })]);
    expect(one.clock.areas[0].scene.getEngine()).not.toBe(two.clock.areas[0].scene.getEngine());
  });

  it('is told what its page has not: a warning where it is read, an error where it is used', async () => {
    const reads = await open({
      createScene() {
        expect('caretRangeFromPoint' in document).toBe(false);
        expect(document.caretRangeFromPoint).toBeUndefined();
        return new App().scene;
      },
    });
    expect(reads.notices.take().join()).toMatch(
      /document\.caretRangeFromPoint is read at test\/workers\/browser\.test\.ts:\d+:\d+: the page that training stands in for has none/,
    );
    const uses = open({ createScene: () => document.getAnimations()[0] as never });
    await expect(uses).rejects.toThrow(
      /createScene\(\) of environment "app" failed: document\.getAnimations is not a function\. The stand-in page of training has no document\.getAnimations\. .* See test\/workers\/browser\.test\.ts:\d+/,
    );
    await expect(open({ createScene: () => new AudioContext() as never })).rejects.toThrow(
      'The stand-in page of training has no AudioContext',
    );
  });
});

describe('frames that a game asks its window for', () => {
  it('are missed aloud where they do more than to draw', async () => {
    let ticks = 0;
    const createScene = () => {
      const { scene } = new App();
      const draw = () => {
        scene.render();
        requestAnimationFrame(draw);
      };
      requestAnimationFrame(draw);
      requestAnimationFrame(() => ticks++);
      return scene;
    };
    const warned = await open({ createScene });
    expect(warned.notices.take()).toEqual([
      expect.stringMatching(
        /^requestAnimationFrame\(\) is called at test\/workers\/browser\.test\.ts:\d+:\d+, and training has no display/,
      ),
    ]);
    expect((await open({ createScene, frames: 0 })).notices.take()).toEqual([]);
    expect(ticks).toBe(0);
  });

  it("are not missed where Babylon's gamepads ask for them, or a material that is disposed waits for one", async () => {
    const createScene = () => {
      const { scene } = new App();
      const gamepads = new GamepadManager(scene) as unknown as { _startMonitoringGamepads(): void };
      gamepads._startMonitoringGamepads(); // as cameras with gamepad inputs do
      scene.getEngine().onEndFrameObservable.addOnce(() => scene.dispose());
      return scene;
    };
    expect((await open({ createScene })).notices.take()).toEqual([]);
  });
});

describe('runScript', () => {
  const write = (code: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'agents-')), 'game.js');
    writeFileSync(file, code);
    return pathToFileURL(file);
  };
  const globals = { BABYLON: { Engine, Scene, TransformNode } };

  it('runs a page’s script anew for each area, with names that are its own', async () => {
    const script = write(`
      const canvas = document.getElementById('renderCanvas');
      var made = 0;
      window.count = function () { made++; };
      const scene = new BABYLON.Scene(new BABYLON.Engine(canvas, true));
      new BABYLON.TransformNode('box', scene);
      count();`);
    const counts: number[] = [];
    const createScene = async () => {
      const [scene, made] = await runScript<[Scene, number]>(script, { result: '[scene, made]', globals });
      counts.push(made);
      return scene;
    };
    const { clock } = await open({ createScene }, 2);
    expect(new Set(clock.areas.map(({ scene }) => scene)).size).toBe(2);
    expect(counts).toEqual([1, 1]);
  });

  it('takes a name of the window for one of the script, and waits for what is a promise', async () => {
    const script = write(`
      var engine = null;
      const init = async function () {
        window.engine = await Promise.resolve(new BABYLON.Engine(null));
        if (!engine) throw 'engine should not be null.';
        const scene = new BABYLON.Scene(engine);
        new BABYLON.TransformNode('box', scene);
        return scene;
      };`);
    const createScene = () => runScript<Scene>(script, { result: 'init()', globals });
    expect((await open({ createScene })).clock.areas).toHaveLength(1);
  });

  it('says what fails, and on which line of the script', async () => {
    const throws = write('const a = 1;\n\n  a.b.c();');
    await expect(open({ createScene: () => runScript(throws, { result: 'a' }) })).rejects.toThrow(
      /Cannot read properties of undefined \(reading 'c'\).* See .*game\.js:3:7/,
    );
    const missing = new URL('./missing.js', import.meta.url);
    await expect(open({ createScene: () => runScript(missing, { result: 'a' }) })).rejects.toThrow(
      /runScript\("file:.*missing\.js"\) found no script: 404/,
    );
    await expect(open({ browser: false, createScene: () => runScript(missing, { result: 'a' }) })).rejects.toThrow(
      'needs a page, and a worker has none. Set `browser: true`',
    );
  });
});

describe('without it', () => {
  it('an error that a page would not have names it', async () => {
    const createScene = () => document.body as never;
    await expect(open({ createScene, browser: false })).rejects.toThrow(
      'or set `browser: true` in defineEnvironment()',
    );
  });

  it('a scene with an engine of its own is refused, and told of it', async () => {
    const createScene = () => new Scene(new NullEngine());
    await expect(open({ createScene, browser: false })).rejects.toThrow('browser: true');
  });

  it('is refused where there is no createScene', () => {
    expect(() => defineEnvironment({ name: 'x', browser: true, build: () => ({ reset: () => {} }) })).toThrow(
      'has `browser` but no createScene. Leave `browser` out.',
    );
  });
});
