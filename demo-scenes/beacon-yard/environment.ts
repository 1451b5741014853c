import * as agents from '../../plugin/index.ts';
import { createScene, type Yard } from './scene.ts';

/** Adds an agent to the yard's craft, rewarded for every meter that it approaches its beacon. */
function build(area: agents.AreaContext): agents.AreaLogic {
  const [craft, beacon, start] = [area.find('craft'), area.find('beacon'), agents.rememberPoses(area.scene)];
  const way = new agents.RelativePositionSensor({ target: beacon, scale: 10 });
  const motion = new agents.BodySensor({ linearVelocity: true, angularVelocity: true, frame: craft });
  const rays = new agents.RaySensor({ tags: [], raysPerDirection: 4, maxAngle: Math.PI / 2, length: 8 });
  const engine = new agents.ForceActuator({ maxForce: 60, axes: 'z', frame: 'own' });
  const rudder = new agents.TorqueActuator({ maxTorque: 20, axes: 'y' });
  const agent = new agents.Agent({ sensors: [way, motion, rays], actuators: [engine, rudder] });
  craft.addBehavior(agent, true);
  const toward = () => beacon.absolutePosition.subtract(craft.absolutePosition).normalize();
  const closing = () => toward().dot(craft.physicsBody!.getLinearVelocity()); // m/s
  const reset = (random: agents.Random) => {
    start.restore();
    (area.scene.metadata as Yard).moveBeacon(random.integer(8));
  };
  return { reset, afterStep: () => agent.addReward(closing() / 60) };
}

export const beaconYard = agents.defineEnvironment({ name: 'beacon-yard', createScene, maxDecisions: 300, build });
