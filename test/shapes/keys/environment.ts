import * as agents from '../../../plugin/index.ts';
import { createScene, type Game } from './game.ts';

function build(area: agents.AreaContext): agents.AreaLogic {
  const [cart, star, start] = [area.find('cart'), area.find('star'), agents.rememberPoses(area.scene)];
  const game: Game = area.scene.metadata;
  const way = new agents.RelativePositionSensor({ target: star, scale: 10 });
  const motion = new agents.BodySensor({ linearVelocity: true, frame: cart });
  const keys = new agents.KeyActuator({ keys: [['KeyW', 'KeyS'], ['KeyA', 'KeyD'], 'Space'] });
  const agent = new agents.Agent({ sensors: [way, motion], actuators: [keys] });
  cart.addBehavior(agent);
  let score = 0;
  const reset = (random: agents.Random) => {
    start.restore();
    game.showStar(random.integer(6));
    score = game.score;
  };
  const afterStep = () => {
    agent.addReward(game.score - score - cart.absolutePosition.subtract(star.absolutePosition).length() / 10_000);
    score = game.score;
  };
  return { reset, afterStep };
}

export const stars = agents.defineEnvironment({ name: 'stars', createScene, maxDecisions: 150, build });
