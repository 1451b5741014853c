import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Scene } from '@babylonjs/core/scene.js';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';

/** A scene that nobody draws. */
export function createScene(): Scene {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  return new Scene(new NullEngine());
}

export interface AgentNodeOptions {
  readonly scene: Scene;
  readonly policy?: string | readonly string[];
  readonly parent?: TransformNode;
  /** what it senses, two floats */
  readonly sense?: () => readonly [number, number];
}

/** A node with an agent: "eye" reads two floats and "ear" a third, 7; "leg" takes two floats and a choice of 3 whose second is forbidden. */
export function addAgentNode(name: string, { scene, policy = 'agent', parent, sense }: AgentNodeOptions): Agent {
  const node = new TransformNode(name, scene);
  node.parent = parent ?? null;
  const eye = new FunctionSensor('eye', 2, (out, offset) => out.set(sense?.() ?? [0, 0], offset));
  const ear = new FunctionSensor('ear', 1, (out, offset) => out.fill(7, offset, offset + 1));
  const leg = new FunctionActuator({
    name: 'leg',
    continuous: 2,
    branches: [3],
    apply: () => {},
    mask: (out, offset) => out.fill(0, offset + 1, offset + 2),
  });
  const agent = new Agent({ policy, sensors: [eye, ear], actuators: [leg] });
  node.addBehavior(agent, true);
  return agent;
}
