import * as agents from '../../../plugin/index.ts';
import { createScene, type Rally } from './game.ts';

function build(area: agents.AreaContext): agents.AreaLogic {
  const [car, flag, start] = [area.find('chassis'), area.find('flag'), agents.rememberPoses(area.scene)];
  const rally = area.scene.metadata as Rally;
  const way = new agents.RelativePositionSensor({ target: flag, scale: 20 });
  const motion = new agents.BodySensor({ linearVelocity: true, rotation: true });
  const apply = (action: Float32Array, at: number) =>
    void Object.assign(rally, { throttle: action[at], steering: action[at + 1] });
  const wheel = new agents.FunctionActuator({ name: 'wheel', continuous: 2, apply });
  const agent = new agents.Agent({ sensors: [way, motion], actuators: [wheel] });
  car.addBehavior(agent);
  const reset = (random: agents.Random) => {
    start.restore();
    rally.flags = 0;
    rally.moveFlag(random.integer(8));
  };
  const closing = () => flag.position.subtract(car.position).normalize().dot(car.physicsBody!.getLinearVelocity()); // m/s
  const afterStep = () => {
    agent.addReward(closing() / 60);
    if (car.position.y < 0) agent.terminate(); // over the edge
  };
  return { reset, afterStep };
}

export const terrain = agents.defineEnvironment({ name: 'terrain', createScene, maxDecisions: 150, build });
