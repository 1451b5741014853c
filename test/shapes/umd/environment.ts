// snippet: umd
import * as BABYLON from '@babylonjs/core';
import HavokPhysics from '@babylonjs/havok';
import * as agents from '../../../plugin/index.ts';

const game = new URL('./game.js', import.meta.url);
const createScene = () => agents.runScript<BABYLON.Scene>(game, { result: 'made', globals: { BABYLON, HavokPhysics } });
// snippet end

function build(area: agents.AreaContext): agents.AreaLogic {
  const [puck, goal, start] = [area.find('puck'), area.find('goal'), agents.rememberPoses(area.scene)];
  const way = new agents.RelativePositionSensor({ target: goal, frame: 'world', scale: 16 });
  const keys = new agents.KeyActuator({ keys: ['KeyW', 'KeyA', 'KeyS', 'KeyD'] });
  const motion = new agents.BodySensor({ linearVelocity: true });
  const agent = new agents.Agent({ sensors: [way, motion], actuators: [keys] });
  puck.addBehavior(agent);
  let side = 1;
  const reset = (random: agents.Random) => {
    start.restore();
    goal.position.set(side * 5, 0.02, random.between(-4, 4));
  };
  const afterStep = () => {
    agent.addReward(goal.position.x * side > 0 ? -BABYLON.Vector3.Distance(puck.position, goal.position) / 5000 : 1);
    side = Math.sign(goal.position.x);
  };
  return { reset, afterStep };
}

// snippet: define
const facts = { frames: 1, maxDecisions: 120 };
export const umd = agents.defineEnvironment({ name: 'umd', browser: true, ...facts, createScene, build });
// snippet end
