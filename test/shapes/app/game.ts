import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { TextBlock } from '@babylonjs/gui/2D/controls/textBlock.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/core/Helpers/sceneHelpers.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';

const SIZE = 12;
const BEST = 'coins.best';

/** A ball that rolls to coins, by the arrow keys. */
export class App {
  readonly scene: Scene;
  readonly ready: Promise<void>;
  ball!: Mesh;
  coin!: Mesh;
  private readonly canvas: HTMLCanvasElement;
  private readonly engine: Engine;
  private readonly pressed = new Set<string>();
  private readonly score = new TextBlock('score');
  private coins = 0;

  // snippet: app
  constructor() {
    this.canvas = document.createElement('canvas');
    this.canvas.style.width = '100%';
    this.canvas.style.height = '100%';
    this.canvas.id = 'gameCanvas';
    document.body.appendChild(this.canvas);

    this.engine = new Engine(this.canvas, true, { stencil: true });
    this.scene = new Scene(this.engine);
    this.ready = this.build();

    window.addEventListener('resize', () => this.engine.resize());
    window.addEventListener('keydown', ({ code }) => this.pressed.add(code));
    window.addEventListener('keyup', ({ code }) => this.pressed.delete(code));
    this.engine.runRenderLoop(() => this.scene.render());
  }
  // snippet end

  private async build(): Promise<void> {
    const { scene } = this;
    const camera = new ArcRotateCamera('camera', -Math.PI / 2, 0.8, 20, Vector3.Zero(), scene);
    camera.attachControl(this.canvas, true);
    new HemisphericLight('light', Vector3.Up(), scene);
    scene.createDefaultEnvironment({ createGround: false, createSkybox: false });
    scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));
    this.buildYard();
    this.buildHud();
    scene.onBeforePhysicsObservable.add(() => this.steer());
    scene.onAfterPhysicsObservable.add(() => this.collect());
  }

  private buildYard(): void {
    const { scene } = this;
    const ground = CreateGround('ground', { width: SIZE, height: SIZE }, scene);
    new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, friction: 1 }, scene);
    for (const [x, z] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      const wall = CreateBox('wall', { width: x ? 0.4 : SIZE, depth: z ? 0.4 : SIZE, height: 1 }, scene);
      wall.position.set((x * SIZE) / 2, 0.5, (z * SIZE) / 2);
      new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0 }, scene);
    }
    this.ball = CreateSphere('ball', { diameter: 1 }, scene);
    this.ball.position.y = 0.6;
    const { body } = new PhysicsAggregate(this.ball, PhysicsShapeType.SPHERE, { mass: 1, friction: 1 }, scene);
    body.setLinearDamping(0.5);
    this.coin = CreateTorus('coin', { diameter: 0.8, thickness: 0.2 }, scene);
    const gold = new StandardMaterial('gold', scene);
    gold.diffuseColor = Color3.FromHexString('#ffcc33');
    this.coin.material = gold;
    this.coin.position.set(3, 0.5, 3);
  }

  private buildHud(): void {
    const hud = AdvancedDynamicTexture.CreateFullscreenUI('hud', true, this.scene);
    hud.addControl(this.score);
    this.score.color = 'white';
    this.showScore();
    const best = document.createElement('div');
    best.className = 'best';
    best.innerHTML = `Best: <b>${localStorage.getItem(BEST) ?? 0}</b>`;
    document.body.appendChild(best);
  }

  /** Before every physics step: the keys push the ball. */
  private steer(): void {
    const x = Number(this.pressed.has('ArrowRight')) - Number(this.pressed.has('ArrowLeft'));
    const z = Number(this.pressed.has('ArrowUp')) - Number(this.pressed.has('ArrowDown'));
    if (x || z) this.ball.physicsBody?.applyForce(new Vector3(6 * x, 0, 6 * z), this.ball.absolutePosition);
  }

  private collect(): void {
    if (Vector3.Distance(this.ball.position, this.coin.position) > 0.9) return;
    this.coins++;
    this.showScore();
    this.coin.position.x = -this.coin.position.x;
    if (this.coins > Number(localStorage.getItem(BEST))) localStorage.setItem(BEST, String(this.coins));
  }

  private showScore(): void {
    this.score.text = `Coins: ${this.coins}`;
    document.title = this.score.text;
  }
}
