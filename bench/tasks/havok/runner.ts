import type { AreaContext, Random } from '../../../plugin/index.ts';
import { createGround } from '../../ground.ts';
import type { Articulation } from './articulation.ts';
import type { PlanarTask } from './define-planar-task.ts';
import { JointDrive } from './joint-drive.ts';

/** What tasks that pay for the way along x do differently. */
export interface RunnerOptions {
  /** m of ground in all, and behind the start */
  readonly ground: number;
  readonly behind: number;
  /** m of the root's height when it is drawn, and what of it counts as 0 in the observation */
  readonly height: number;
  readonly level: number;
  /** s */
  readonly decision: number;
  /** what the sum of the squared actions costs */
  readonly effort: number;
  /** what speeds are held to, either way, in the observation */
  readonly speedLimit?: number;
  /** one draw of what the drawn pose is changed by at the start, for every coordinate; and of its speed */
  noise(random: Random): number;
  speedNoise(random: Random): number;
  /** what it is paid for a decision after which it is healthy; where it is not, the episode ends */
  readonly alive?: number;
  /** `lean` is the root's angle [rad] forward */
  healthy?(body: Articulation, lean: number): boolean;
}

/**
 * An articulation with a motor in every joint, on ground that it cannot leave sideways: the end of the ground is that of
 * the episode. Observation of 4 + 2J floats for J joints: height, lean, joint angles; the same as speeds, that along x first.
 */
export function createRunner(body: Articulation, area: AreaContext, options: RunnerOptions): PlanarTask {
  const { ground, behind, height, level, decision, effort, alive = 0, speedLimit = Infinity } = options;
  createGround(area, { length: ground, width: 1, friction: 2 });
  const { angles, speeds, links } = body;
  const drive = new JointDrive(body);
  const gears = links.slice(1).map(({ spec }) => spec.joint?.gear ?? 0);
  const torques = new Float64Array(gears.length);
  const clip = (speed: number) => Math.max(-speedLimit, Math.min(speedLimit, speed));
  const healthy = () => options.healthy?.(body, -body.turns[0]) ?? true;
  let x = 0;

  return {
    reset(random) {
      body.x = behind - ground / 2 + options.noise(random);
      body.y = height + options.noise(random);
      const turn = -options.noise(random);
      for (let i = 0; i < angles.length; i++) angles[i] = options.noise(random);
      body.speedX = options.speedNoise(random);
      body.speedY = options.speedNoise(random);
      const spin = -options.speedNoise(random);
      for (let i = 0; i < speeds.length; i++) speeds[i] = options.speedNoise(random);
      body.place(turn, spin);
      drive.reset();
      x = body.x;
    },

    act(action) {
      for (let i = 0; i < torques.length; i++) torques[i] = gears[i] * action[i];
      drive.apply(torques);
    },

    afterStep() {
      drive.settle();
      if (Math.abs(body.x) > ground / 2 - 1) area.end();
    },

    reward(action) {
      const speed = (body.x - x) / decision;
      x = body.x;
      let squares = 0;
      for (let i = 0; i < action.length; i++) squares += action[i] ** 2;
      return speed - effort * squares + (healthy() ? alive : 0);
    },

    terminated: () => !healthy(),

    observe(out, offset) {
      let at = offset;
      out[at++] = body.y - level;
      out[at++] = -body.turns[0];
      for (let i = 0; i < angles.length; i++) out[at++] = angles[i];
      out[at++] = clip(body.speedX);
      out[at++] = clip(body.speedY);
      out[at++] = clip(-body.spins[0]);
      for (let i = 0; i < speeds.length; i++) out[at++] = clip(speeds[i]);
    },
  };
}
