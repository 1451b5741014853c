import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Articulation, type ArticulationSpec } from '../../../../bench/tasks/havok/articulation.ts';
import type { PlanarTask, PlanarTaskSpec } from '../../../../bench/tasks/havok/define-planar-task.ts';
import type { AreaContext } from '../../../../plugin/index.ts';
import { requirePhysics, setTimeStep } from '../../../../plugin/scene/physics.ts';
import { SteppedScene } from '../../../../plugin/scene/stepped-scene.ts';
import { createBareScene } from '../../../../plugin/testing/bare-scene.ts';

/** An articulation in a world of its own, and what takes it through a physics step. */
export interface OpenArticulation {
  readonly body: Articulation;
  readonly area: AreaContext;
  /** how often the area was ended */
  readonly ends: number;
  step(): void;
  dispose(): void;
}

/** A task in a world of its own. */
export interface OpenTask extends OpenArticulation {
  readonly task: PlanarTask;
  /** one decision with an action */
  decide(action: readonly number[]): void;
  observation(): number[];
}

export async function openArticulation(spec: ArticulationSpec, timeStep: number): Promise<OpenArticulation> {
  const scene = await createBareScene();
  const physics = requirePhysics(scene, 'openArticulation()');
  setTimeStep(physics, timeStep);
  const root = new TransformNode('area', scene);
  let ends = 0;
  const area: AreaContext = {
    root,
    scene,
    parameters: {},
    find: (name) => scene.getTransformNodeByName(name)!,
    end: () => {
      ends++;
    },
  };
  const body = new Articulation(area, timeStep, spec);
  const stepped = new SteppedScene(scene, physics);
  return {
    body,
    area,
    get ends() {
      return ends;
    },
    step() {
      stepped.step(timeStep);
      body.read();
    },
    dispose: () => scene.getEngine().dispose(),
  };
}

export async function openTask(spec: PlanarTaskSpec): Promise<OpenTask> {
  const open = await openArticulation(spec.articulation, spec.timeStep);
  const task = spec.create(open.body, open.area);
  return {
    ...open,
    get ends() {
      return open.ends;
    },
    task,
    decide(action) {
      const held = Float64Array.from(action);
      for (let i = 0; i < spec.decisionPeriod; i++) {
        task.act(held);
        open.step();
        task.afterStep?.();
      }
    },
    observation() {
      const out = new Float32Array(spec.observationSize);
      task.observe(out, 0);
      return [...out];
    },
  };
}
