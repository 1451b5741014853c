// snippet: app
import * as agents from '../../../plugin/index.ts';
import { App } from './game.ts';

async function createScene() {
  const app = new App();
  await app.ready;
  return app.scene;
}
// snippet end

function build(area: agents.AreaContext): agents.AreaLogic {
  const [ball, coin, start] = [area.find('ball'), area.find('coin'), agents.rememberPoses(area.scene)];
  const way = new agents.RelativePositionSensor({ target: coin, frame: 'world', scale: 12 });
  const motion = new agents.BodySensor({ linearVelocity: true });
  const keys = new agents.KeyActuator({ keys: ['ArrowLeft', 'ArrowRight', 'ArrowDown', 'ArrowUp'] });
  const agent = new agents.Agent({ sensors: [way, motion], actuators: [keys] });
  ball.addBehavior(agent);
  const distance = () => Math.hypot(coin.position.x - ball.position.x, coin.position.z - ball.position.z);
  const reset = (random: agents.Random) => {
    start.restore();
    coin.position.set(random.between(-5, 5), 0.5, random.between(-5, 5));
  };
  const afterStep = () => agent.addReward(distance() < 1 ? 0.1 : -distance() / 1000);
  return { reset, afterStep };
}

// snippet: define
export const app = agents.defineEnvironment({ name: 'app', browser: true, createScene, maxDecisions: 100, build });
// snippet end
