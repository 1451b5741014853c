import * as agents from '../../../plugin/index.ts';
import { createScene, type Game } from './game.ts';

const WAY = { frame: 'world', scale: 10 } as const;

function build(area: agents.AreaContext): agents.AreaLogic {
  const [ball, ...marks] = ['ball', 'plate 1', 'door 1', 'plate 2', 'door 2', 'goal'].map((name) => area.find(name));
  const game: Game = area.scene.metadata;
  const see = (target: typeof ball) => new agents.RelativePositionSensor({ ...WAY, name: target.name, target });
  const sensors = [...marks.map(see), new agents.BodySensor({ linearVelocity: true })];
  const keys = new agents.KeyActuator({
    keys: [
      ['KeyW', 'KeyS'],
      ['KeyA', 'KeyD'],
    ],
  });
  const agent = new agents.Agent({ sensors, actuators: [keys] });
  ball.addBehavior(agent);
  const reset = (random: agents.Random) => game.restart(random.between(-5, -4), random.between(-2, 2));
  const afterStep = () => agent.addReward(game.stage / 100 + ball.physicsBody!.getLinearVelocity().x / 600);
  return { reset, afterStep };
}

export const doors = agents.defineEnvironment({ name: 'doors', createScene, frames: 1, maxDecisions: 150, build });
