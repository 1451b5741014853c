import { balanceBall } from '../demo-scenes/balance-ball/environment.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import type { Benchmark } from './benchmark.ts';
import { walker } from './environments/walker.ts';
import { benchHavokCalls } from './havok-calls.ts';
import { interleave } from './interleave.ts';
import { PhysicsCrowd, WAYS, type Way } from './physics-crowd.ts';
import { benchSensors } from './sensors.ts';

const ENVIRONMENTS: Readonly<Record<string, Environment>> = { 'balance-ball': balanceBall, walker };

/** Areas in a world. Few of them are measured in several worlds, so that no crowd has its data in a cache to itself. */
const AREAS = [1, 4, 16, 64, 128, 256] as const;
const LEAST_AREAS = 64;
/** decisions of a timed run, and of the time before the first, after which episodes are spread out */
const DECISIONS = 3;
const LIVED = 40;

type Microseconds = Readonly<Record<Way, number>>;

/**
 * µs of a physics step per area, against the areas in a world. `ratioPacked` is what 64 worlds of one area take over one
 * world of 64 areas, both stepped as training does, in balance-ball or the environment asked for; `ratioPackedFromBabylon`
 * begins from one area a world stepped by Babylon's own executeStep. Nobody sleeps, and agents act at random.
 */
export const benchPhysics: Benchmark = async ({ seconds, environment }) => {
  const names = environment ? [environment] : Object.keys(ENVIRONMENTS);
  const found: Record<string, Readonly<Record<number, Microseconds>>> = {};
  for (const name of names) found[name] = await compareCrowds(requireEnvironment(name), (0.8 * seconds) / names.length);
  const ratios = (way: Way) => names.map((name) => [name, found[name][1][way] / found[name][64].ours] as const);
  return {
    ratioPacked: ratios('ours')[0][1],
    ratioPackedFromBabylon: ratios('babylon')[0][1],
    ratiosPacked: Object.fromEntries(ratios('ours')),
    ratiosPackedFromBabylon: Object.fromEntries(ratios('babylon')),
    microseconds: found,
    callMicroseconds: await benchHavokCalls(0.15 * seconds),
    sensorMicroseconds: await benchSensors(0.05 * seconds),
  };
};

/** µs of one step of one area: areas in a world → way → µs. */
async function compareCrowds(environment: Environment, seconds: number): Promise<Record<number, Microseconds>> {
  const crowds = new Map<number, PhysicsCrowd>();
  try {
    for (const areas of AREAS) {
      const crowd = await PhysicsCrowd.create(environment, Math.max(1, LEAST_AREAS / areas), areas);
      crowds.set(areas, crowd);
      crowd.live(LIVED, 'ours');
    }
    const variants = Object.fromEntries(
      AREAS.flatMap((areas) => WAYS.map((way) => [`${way} ${areas}`, () => crowds.get(areas)!.live(DECISIONS, way)])),
    );
    const times = await interleave(variants, { seconds, warmUp: 2, least: 7 });
    const steps = DECISIONS * environment.decisionPeriod;
    const perAreaStep = (areas: number, way: Way) =>
      (1000 * times[`${way} ${areas}`]) / (steps * crowds.get(areas)!.areas);
    return Object.fromEntries(
      AREAS.map((areas) => [areas, Object.fromEntries(WAYS.map((way) => [way, perAreaStep(areas, way)]))]),
    ) as Record<number, Microseconds>;
  } finally {
    for (const crowd of crowds.values()) crowd.dispose();
  }
}

function requireEnvironment(name: string): Environment {
  if (Object.hasOwn(ENVIRONMENTS, name)) return ENVIRONMENTS[name];
  throw new Error(`No environment "${name}" in this benchmark. It has: ${Object.keys(ENVIRONMENTS).join(', ')}.`);
}
