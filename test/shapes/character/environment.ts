import * as agents from '../../../plugin/index.ts';
import { createScene, type Game } from './game.ts';

function build(area: agents.AreaContext): agents.AreaLogic {
  const [player, flag, lift] = [area.find('player'), area.find('flag'), area.find('lift')];
  const game: Game = area.scene.metadata;
  const see = (target: typeof flag) => new agents.RelativePositionSensor({ name: target.name, target, scale: 10 });
  const keys = new agents.KeyActuator({ keys: [['KeyW', 'KeyS'], ['KeyA', 'KeyD'], 'Space'] });
  const agent = new agents.Agent({ sensors: [see(flag), see(lift)], actuators: [keys] });
  player.addBehavior(agent);
  const distance = () => flag.position.subtract(player.position).length();
  let last = 0;
  const reset = (random: agents.Random) => {
    game.spawn(random.between(-3, 1), random.between(-1, 1));
    last = distance();
  };
  const afterStep = () => {
    agent.addReward((last - distance()) / 10);
    last = distance();
    if (last < 1 || player.position.y < -2) agent.terminate();
  };
  return { reset, afterStep };
}

const name = 'character';
export const character = agents.defineEnvironment({ name, createScene, frames: 1, maxDecisions: 150, build });
