import * as babylon from '@babylonjs/core/index.js';
import { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { Image } from '@babylonjs/gui/2D/controls/image.js';
import { InputText } from '@babylonjs/gui/2D/controls/inputText.js';
import { HolographicButton } from '@babylonjs/gui/3D/controls/holographicButton.js';
import { GUI3DManager } from '@babylonjs/gui/3D/gui3DManager.js';
import { describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const { PBRMaterial, StandardMaterial, Vector3 } = babylon;
type Scene = babylon.Scene;

const DAY = 'https://example.invalid/day.env'; // neither is fetched
const SKY = 'https://example.invalid/sky';
const SLOPE = new URL('../fixtures/assets/slope.jpg', import.meta.url).href;

const ball = (scene: Scene, material?: babylon.Material) =>
  Object.assign(babylon.CreateSphere('ball', {}, scene), material && { material });
const sun = (scene: Scene) => new babylon.DirectionalLight('sun', Vector3.Down(), scene);
const day = (scene: Scene) => babylon.CubeTexture.CreateFromPrefilteredData(DAY, scene);

/** A world with a box that falls from 50 m, made by a scene that `furnish` furnishes and that waits until all of it is ready. */
async function open(furnish: (scene: Scene) => unknown): Promise<HeadlessWorld> {
  const environment = defineEnvironment({
    name: 'drop',
    loadTimeout: 20,
    async createScene(engine) {
      const scene = new babylon.Scene(engine);
      await enablePhysics(scene);
      new babylon.FreeCamera('camera', new Vector3(0, 0, -10), scene).setTarget(Vector3.Zero());
      const box = babylon.CreateBox('box', {}, scene);
      box.position.y = 50;
      new babylon.PhysicsAggregate(box, babylon.PhysicsShapeType.BOX, { mass: 1 }, scene);
      await furnish(scene);
      await scene.whenReadyAsync(true);
      return scene;
    },
    build(area) {
      const sensors = [new BodySensor({ linearVelocity: true })];
      area.find('box').addBehavior(new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 1 })] }));
      return { reset: () => {} };
    },
  });
  return await HeadlessWorld.create(environment, {});
}

const FURNISHED: Readonly<Record<string, (scene: Scene) => unknown>> = {
  'an environment and a PBR material': (scene) => {
    scene.environmentTexture = day(scene);
    ball(scene, new PBRMaterial('metal', scene));
  },
  'createDefaultEnvironment()': (scene) => {
    scene.createDefaultEnvironment({ enableGroundMirror: true });
    ball(scene, new PBRMaterial('metal', scene));
  },
  'createDefaultSkybox()': (scene) => scene.createDefaultSkybox(day(scene), true, 100, 0.3),
  'a CubeTexture of six images': (scene) => {
    const material = new StandardMaterial('mirror', scene);
    material.reflectionTexture = new babylon.CubeTexture(SKY, scene);
    ball(scene, material);
  },
  'a CubeTexture that tells of its load': (scene) =>
    new Promise((loaded) => day(scene).onLoadObservable.addOnce(loaded)),
  'an HDRCubeTexture that is filtered': (scene) => {
    scene.environmentTexture = new babylon.HDRCubeTexture(`${SKY}.hdr`, scene, 64, false, true, false, true);
    ball(scene, new PBRMaterial('metal', scene));
  },
  'an EquiRectangularCubeTexture': (scene) => {
    scene.environmentTexture = new babylon.EquiRectangularCubeTexture(SLOPE, scene, 16);
    ball(scene, new PBRMaterial('metal', scene));
  },
  'a RawCubeTexture': (scene) => {
    const faces = Array.from({ length: 6 }, () => new Uint8Array(64));
    scene.environmentTexture = new babylon.RawCubeTexture(scene, faces, 4);
    ball(scene, new PBRMaterial('metal', scene));
  },
  'a ReflectionProbe': (scene) => {
    const material = new PBRMaterial('metal', scene);
    material.reflectionTexture = new babylon.ReflectionProbe('probe', 64, scene).cubeTexture;
    ball(scene, material);
  },
  'a material with every coat': (scene) => {
    scene.environmentTexture = day(scene);
    const material = new PBRMaterial('car', scene);
    for (const coat of [material.clearCoat, material.sheen, material.anisotropy, material.iridescence])
      coat.isEnabled = true;
    material.subSurface.isRefractionEnabled = true;
    ball(scene, material);
  },
  'a NodeMaterial': (scene) => {
    const material = new babylon.NodeMaterial('nodes', scene);
    material.setToDefault();
    material.build();
    ball(scene, material);
  },
  'a ShaderMaterial': (scene) => {
    const source = { vertexSource: 'void main(){}', fragmentSource: 'void main(){}' };
    ball(scene, new babylon.ShaderMaterial('shader', scene, source, { attributes: ['position'], uniforms: [] }));
  },
  'a MirrorTexture': (scene) => {
    const material = new StandardMaterial('mirror', scene);
    material.reflectionTexture = new babylon.MirrorTexture('mirror', 64, scene);
    ball(scene, material);
  },
  'soft shadows': (scene) => {
    const shadows = new babylon.ShadowGenerator(256, sun(scene));
    shadows.useContactHardeningShadow = true;
    shadows.addShadowCaster(ball(scene));
  },
  'cascaded shadows': (scene) => {
    const shadows = new babylon.CascadedShadowGenerator(256, sun(scene));
    shadows.autoCalcDepthBounds = true;
    shadows.addShadowCaster(ball(scene));
  },
  'the renderers of depth and geometry': (scene) => {
    scene.enableDepthRenderer(scene.activeCamera);
    scene.enableGeometryBufferRenderer();
    scene.enablePrePassRenderer();
  },
  'a rendering pipeline, and post-processes': (scene) => {
    const pipeline = new babylon.DefaultRenderingPipeline('pipeline', true, scene, [scene.activeCamera!]);
    pipeline.bloomEnabled = pipeline.depthOfFieldEnabled = pipeline.fxaaEnabled = true;
    new babylon.SSRRenderingPipeline('ssr', scene, [scene.activeCamera!]);
    new babylon.BlackAndWhitePostProcess('gray', 1, scene.activeCamera);
  },
  'layers that glow and highlight': (scene) => {
    new babylon.GlowLayer('glow', scene);
    new babylon.HighlightLayer('highlight', scene).addMesh(ball(scene), babylon.Color3.Red());
    new babylon.LensFlareSystem('flares', Vector3.Zero(), scene);
  },
  'occlusion queries': (scene) => {
    const mesh = ball(scene);
    mesh.occlusionType = babylon.AbstractMesh.OCCLUSION_TYPE_STRICT;
    expect(mesh.isOccluded).toBe(false);
  },
  'particles of the CPU and of the GPU': (scene) => {
    for (const particles of [
      new babylon.ParticleSystem('smoke', 10, scene),
      new babylon.GPUParticleSystem('sparks', { capacity: 10 }, scene),
    ]) {
      particles.particleTexture = new babylon.Texture('flare.png', scene);
      particles.emitter = Vector3.Zero();
      particles.start();
    }
  },
  sprites: (scene) => new babylon.Sprite('tree', new babylon.SpriteManager('trees', 'tree.png', 10, 64, scene)),
  'GUI in two and in three dimensions': (scene) => {
    const hud = AdvancedDynamicTexture.CreateFullscreenUI('hud', true, scene);
    hud.addControl(new Image('logo', 'logo.png'));
    hud.addControl(new InputText('name'));
    new GUI3DManager(scene).addControl(new HolographicButton('go'));
  },
  'textures of many layers': (scene) => {
    new babylon.RawTexture3D(new Uint8Array(32), 2, 2, 2, babylon.Engine.TEXTUREFORMAT_RGBA, scene);
    new babylon.RawTexture2DArray(new Uint8Array(32), 2, 2, 2, babylon.Engine.TEXTUREFORMAT_RGBA, scene);
  },
  'a render target': (scene) => {
    const target = new babylon.RenderTargetTexture('map', 64, scene);
    target.renderList = [ball(scene)];
    scene.customRenderTargets.push(target);
  },
  'sounds that play': (scene) => {
    const sound = new babylon.Sound('bang', 'bang.mp3', scene, null, { loop: true, autoplay: true });
    sound.play();
    sound.stop();
  },
};

describe('a world in training has', () => {
  it.each(Object.entries(FURNISHED))('%s', { timeout: 30_000 }, async (_, furnish) => {
    const world = await open(furnish);
    for (let i = 0; i < 10; i++) world.step();
    expect(world.clock.areas[0].find('box').position.y).toBeLessThan(50);
    world.dispose();
  });

  it('picking by rays and through the camera', async () => {
    const hits: boolean[] = [];
    const world = await open((scene) => {
      babylon.CreateSphere('target', { diameter: 4 }, scene);
      const { x, y } = { x: scene.getEngine().getRenderWidth() / 2, y: scene.getEngine().getRenderHeight() / 2 };
      hits.push(scene.pick(x, y).hit, scene.pick(1, 1).hit);
      hits.push(scene.pickWithRay(new babylon.Ray(new Vector3(0, 0, -9), Vector3.Forward()))!.hit);
    });
    expect(hits).toEqual([true, false, true]);
    world.dispose();
  });
});

describe('pixels that are read back in training', () => {
  const read = async (texture: babylon.BaseTexture) => [...((await texture.readPixels()) as Uint8Array)];

  it('are those that code has written, without a word', async () => {
    let pixels: number[] = [];
    const world = await open(async (scene) => {
      pixels = await read(babylon.RawTexture.CreateRGBATexture(Uint8Array.of(1, 2, 3, 4), 1, 1, scene));
    });
    expect(pixels).toEqual([1, 2, 3, 4]);
    expect(world.notices.take()).toEqual([]);
    world.dispose();
  });

  it('are black where they would have to be drawn or loaded, and a warning names what they were asked of', async () => {
    const world = await open(async (scene) => {
      await (scene.getEngine() as babylon.Engine).readPixels(0, 0, 4, 4);
      expect(new Set(await read(new babylon.Texture('maze.png', scene)))).toEqual(new Set([0]));
    });
    const advice =
      'was asked for its pixels, but training draws nothing: it is black there. If the task depends on them, load the image itself, as CreateGroundFromHeightMap does, or compute them.';
    expect(world.notices.take()).toEqual([`The screen ${advice}`, `Texture "maze.png" ${advice}`]);
    world.dispose();
  });
});

describe('a scene that fails half-made', () => {
  it('is blamed for what failed first, though it cannot be disposed either', async () => {
    const video = open((scene) => new babylon.VideoTexture('clip', 'clip.mp4', scene));
    await expect(video).rejects.toThrow('HTMLVideoElement is not defined');
  });
});
