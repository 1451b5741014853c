import * as agents from '../../../plugin/index.ts';
import { type Creature, createScene } from './game.ts';

function build(area: agents.AreaContext): agents.AreaLogic {
  const [torso, start] = [area.find('torso'), agents.rememberPoses(area.scene)];
  const { joints }: Creature = area.scene.metadata;
  const motion = new agents.BodySensor({ linearVelocity: true, angularVelocity: true, rotation: true });
  const bends = new agents.JointSensor({ joints });
  const motors = new agents.JointMotorActuator({ joints, maxTorque: 40 });
  const agent = new agents.Agent({ sensors: [motion, bends], actuators: [motors] });
  torso.addBehavior(agent);
  const afterStep = () => {
    agent.addReward(torso.physicsBody!.getLinearVelocity().x / 60);
    if (torso.position.y < 0.4) agent.terminate();
  };
  return { reset: () => start.restore(), afterStep };
}

export const ragdoll = agents.defineEnvironment({ name: 'ragdoll', createScene, maxDecisions: 120, build });
