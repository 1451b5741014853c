import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it } from 'vitest';
import {
  type Actuator,
  Agent,
  type AreaContext,
  defineEnvironment,
  type EnvironmentSpec,
  FunctionActuator,
  FunctionSensor,
  type Random,
  respawn,
} from '../../../plugin/index.ts';
import { checkEnvironment } from '../../../workers/check/check-environment.ts';

/** What a game does besides: `crate` is what the agent pushes, `coin` something without a body. */
interface Game {
  readonly reset?: (parts: Parts) => void;
  readonly afterStep?: (parts: Parts) => void;
  readonly actuators?: (crate: TransformNode) => readonly Actuator[];
  readonly sense?: (coin: TransformNode) => number;
}

interface Parts {
  readonly area: AreaContext;
  readonly crate: TransformNode;
  readonly coin: TransformNode;
  readonly random: Random;
}

const START = { position: new Vector3(0, 0.5, 0) };

/** A crate on a floor that is pushed, and a coin; `reset` puts the crate back. */
function define(game: Game, spec: Partial<EnvironmentSpec> = {}) {
  return defineEnvironment({
    name: 'yard',
    decisionPeriod: 6,
    maxDecisions: 30,
    build(area) {
      const floor = addBox(area, 'floor', new Vector3(4000, 1, 4000), -0.5, 0);
      const crate = addBox(area, 'crate', new Vector3(1, 1, 1), 0.5, 1);
      const coin = new TransformNode('coin', area.scene);
      coin.parent = area.root;
      floor.physicsBody!.shape!.material = { friction: 0 };
      const place = new FunctionSensor('place', 2, (out, at) => {
        out[at] = crate.position.x;
        out[at + 1] = game.sense?.(coin) ?? 0;
      });
      const push = new FunctionActuator({
        name: 'push',
        continuous: 1,
        apply: (action, at) =>
          crate.physicsBody!.applyForce(new Vector3(20 * action[at], 0, 0), crate.getAbsolutePosition()),
      });
      const agent = new Agent({ sensors: [place], actuators: [push, ...(game.actuators?.(crate) ?? [])] });
      crate.addBehavior(agent, true);
      const parts = { area, crate, coin };
      let chance: Random;
      return {
        reset(random) {
          chance = random;
          if (game.reset) game.reset({ ...parts, random });
          else respawn(crate, START);
        },
        afterStep() {
          game.afterStep?.({ ...parts, random: chance });
          agent.addReward(-Math.abs(crate.position.x) / 100);
        },
      };
    },
    ...spec,
  });
}

function addBox({ root, scene }: AreaContext, name: string, size: Vector3, y: number, mass: number): TransformNode {
  const box = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, scene);
  box.parent = root;
  box.position.y = y;
  new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass }, scene);
  return box;
}

const check = (game: Game, spec?: Partial<EnvironmentSpec>) =>
  checkEnvironment(define(game, spec), { seed: 1, parameters: {} });

const respawned = ({ crate }: Parts) => void respawn(crate, START);

describe('checkEnvironment()', () => {
  it.each<[string, Game]>([
    ['episodes begin where they should', {}],
    [
      'they begin anywhere, by the chance that reset() is given',
      { reset: ({ crate, random }) => void respawn(crate, { position: new Vector3(random.between(-2, 2), 0.5, 0) }) },
    ],
    [
      'a coin that was taken is there again',
      {
        reset: (parts) => {
          respawned(parts);
          parts.coin.setEnabled(true);
        },
        afterStep: ({ crate, coin }) => coin.setEnabled(Math.abs(crate.position.x) < 0.01),
      },
    ],
    [
      'things are made once, when they are first needed',
      {
        afterStep: ({ area }) => {
          const { root, scene } = area;
          if (root.getChildTransformNodes(true).every(({ name }) => name !== 'mark'))
            new TransformNode('mark', scene).parent = root;
        },
      },
    ],
  ])('finds nothing where all is well: %s', async (_, game) => {
    expect(await check(game)).toEqual([]);
  });

  it.each<[string, Game, RegExp]>([
    [
      'a body that it leaves',
      { reset: () => {} },
      /^reset\(\) of environment "yard" (leaves node "crate" where the episode has moved it|does not put everything back\. Of two episodes with the same chance, the later one begins with "crate" where the earlier one had left it)/,
    ],
    [
      'a node without a body that it leaves',
      { reset: respawned, afterStep: ({ coin }) => void coin.position.addInPlaceFromFloats(0, 0.01, 0) },
      /begins with "coin" where the earlier one had left it\. Put it back in reset\(\), or all nodes by rememberPoses\(\)/,
    ],
    [
      'a lift that goes on, and happens to be down when the third episode begins',
      {
        afterStep: ({ coin }) => {
          coin.metadata = ((coin.metadata ?? 0) + 1) % (250 * 6); // the check's decisions until then
          coin.position.y = Math.sin((coin.metadata * Math.PI) / (250 * 6));
        },
      },
      /begins with "coin" where the earlier one had left it\./,
    ],
    [
      'a node that the game disposes',
      {
        afterStep: ({ crate, coin }) => {
          if (Math.abs(crate.position.x) > 0.2) coin.dispose();
        },
      },
      /begins without "coin", which the earlier one disposed\./,
    ],
    [
      'a node that the game hides',
      {
        afterStep: ({ crate, coin }) => {
          if (Math.abs(crate.position.x) > 0.2) coin.setEnabled(false);
        },
      },
      /begins with "coin" hidden or disabled\./,
    ],
    [
      'a node that the game scales',
      { afterStep: ({ coin }) => void coin.scaling.addInPlaceFromFloats(0, 0.01, 0) },
      /begins with "coin" of another size\./,
    ],
    [
      'nodes that the game makes again and again',
      {
        reset: (parts) => {
          respawned(parts);
          new TransformNode('spark', parts.area.scene).parent = parts.area.root;
        },
      },
      /begins with one more "spark" each time\./,
    ],
    [
      'a counter that is observed',
      {
        afterStep: ({ coin }) => {
          coin.metadata = (coin.metadata ?? 0) + 0.01;
        },
        sense: ({ metadata }) => metadata ?? 0,
      },
      /all nodes begin where they should, but of two episodes with the same chance and the same first action sensor "place" \(index 1\) of agent "agent" on node "crate" differs at once\. Look for variables/,
    ],
    [
      'what drives a node',
      {
        reset: (parts) => {
          respawned(parts);
          parts.coin.position.setAll(0);
          parts.coin.metadata = { speed: (parts.coin.metadata?.speed ?? 0) + 0.05 };
        },
        afterStep: ({ coin }) => void coin.position.addInPlaceFromFloats(coin.metadata.speed, 0, 0),
      },
      /all nodes begin where they should, but by the same actions "coin" went another way from the start\./,
    ],
  ])('finds what reset() leaves different: %s', async (_, game, words) => {
    expect(await check(game)).toEqual([expect.stringMatching(words)]);
  });

  it('finds the actuator that changes nothing, and not the others', async () => {
    const idle = () => new FunctionActuator({ name: 'shout', branches: [3], apply() {} });
    expect(await check({ actuators: () => [idle()] })).toEqual([
      expect.stringMatching(
        /^Actuator "shout" changes nothing: in 200 decisions of environment "yard" other actions led to the same/,
      ),
    ]);
  });

  it('finds the branch that changes nothing, such as a key that nobody hears', async () => {
    const push = new Vector3();
    const keys = (crate: TransformNode) =>
      new FunctionActuator({
        name: 'keys',
        branches: [3, 2],
        apply: (action, offset) =>
          void crate.physicsBody!.applyForce(push.set(3 * action[offset], 0, 0), crate.position),
      });
    expect(await check({ actuators: (crate) => [keys(crate)] })).toEqual([
      expect.stringMatching(/^Branch 1 of actuator "keys" \(0 is the first\) changes nothing: in 200 decisions/),
    ]);
  });

  it('finds chance and time of the environment’s own', async () => {
    let worlds = 0;
    const reset = (parts: Parts) => {
      parts.coin.metadata ??= { number: ++worlds };
      respawn(parts.crate, { position: new Vector3(parts.coin.metadata.number / 10, 0.5, 0) });
    };
    expect(await check({ reset })).toEqual([
      expect.stringMatching(
        /^Environment "yard" is not reproducible: of two worlds with the same seed and the same actions, sensor "place" \(index 0\) of agent "agent" on node "crate" differs from decision 1 on\./,
      ),
    ]);
  });

  it('says that Math.random() is why, and not what follows from it', async () => {
    const reset = ({ crate }: Parts) => void respawn(crate, { position: new Vector3(Math.random(), 0.5, 0) });
    expect(await check({ reset })).toEqual([
      expect.stringMatching(/^Math\.random\(\) is called at test\/workers\/check/),
    ]);
  });

  it('passes on what every world tells, as of an agent without a ground', async () => {
    const reset = ({ area, crate }: Parts) => {
      area.find('floor').physicsBody?.dispose();
      respawn(crate, START);
    };
    expect(await check({ reset })).toEqual([expect.stringMatching(/falls from the start of its episode, \d/)]);
  });

  it('finds a scene that goes on loading', async () => {
    const createScene: EnvironmentSpec['createScene'] = (engine) => {
      const scene = new Scene(engine);
      new TransformNode('hero', scene);
      setTimeout(() => void new TransformNode('castle', scene), 20);
      return scene;
    };
    const build = (area: AreaContext) => {
      const sensor = new FunctionSensor('none', 1, () => {});
      const actuator = new FunctionActuator({ name: 'none', continuous: 1, apply() {} });
      area.find('hero').addBehavior(new Agent({ sensors: [sensor], actuators: [actuator] }), true);
      return { reset() {} };
    };
    expect(await check({}, { createScene, build })).toEqual([
      expect.stringMatching(
        /^The scene of environment "yard" keeps loading after createScene\(\) has returned: "castle" appeared later/,
      ),
    ]);
  });
});
