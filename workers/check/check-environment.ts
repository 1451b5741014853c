import type { ParameterValues } from '../../plugin/core/parameters.ts';
import type { Environment } from '../../plugin/scene/environment.ts';
import { HeadlessWorld } from '../headless-world.ts';
import { type ActuatorPlace, actuatorsOf } from './chance-actions.ts';
import { describeReset, type ThreeStarts } from './compare-starts.ts';
import { findDivergence, type Life, live, repeatFirst } from './life.ts';
import { quoteNames } from './quote-names.ts';
import { readState, sameState } from './scene-state.ts';

/** Decisions of a life, and of those that only show how an episode begins. */
const DECISIONS = 200;
const FEW = 50;
/** ms to wait for signs that a scene keeps loading */
const PATIENCE = 200;
/** Actuators that are tried one by one: each takes a world. */
const MOST_ACTUATORS = 8;

export interface CheckOptions {
  readonly seed: number;
  readonly parameters: ParameterValues;
  /** Havok's WebAssembly file, where it must be handed in */
  readonly wasm?: ArrayBuffer | string | undefined;
}

/** Lives through some decisions of an environment again and again, and says what is odd: about its scene, its reset() and its actuators. */
export async function checkEnvironment(environment: Environment, options: CheckOptions): Promise<readonly string[]> {
  const check = new EnvironmentCheck(environment, options);
  await check.run();
  return [...check.oddities];
}

class EnvironmentCheck {
  /** in sentences for people, each once */
  readonly oddities = new Set<string>();
  readonly #environment: Environment;
  readonly #options: CheckOptions;

  constructor(environment: Environment, options: CheckOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  async run(): Promise<void> {
    const model = await this.#open();
    try {
      if (await this.#goesOnLoading(model)) return;
      const life = live(model, DECISIONS, this.#options.seed);
      const starts = this.#startAgain(model, life);
      this.#takeNotices(model);
      if (!(await this.#comesOutTheSame(model, life))) return;
      const reset = describeReset(model, this.#environment.name, starts);
      if (reset !== undefined && !this.#has('reset()')) this.oddities.add(reset); // else one thing would be said twice
      await this.#tryActuators(model, life);
    } finally {
      model.dispose();
    }
  }

  #open(): Promise<HeadlessWorld> {
    const { seed, parameters, wasm } = this.#options;
    return HeadlessWorld.create(this.#environment, { count: 1, seeds: [seed, CHECK], parameters }, wasm);
  }

  /** Whether any of that was reported already. */
  #has(subject: string): boolean {
    return [...this.oddities].some((oddity) => oddity.startsWith(subject));
  }

  #takeNotices(world: HeadlessWorld): void {
    for (const notice of world.notices.take()) this.oddities.add(notice);
  }

  /** Whether nodes come later than createScene() and build() have returned. */
  async #goesOnLoading({ clock }: HeadlessWorld): Promise<boolean> {
    const [area] = clock.areas;
    const before = readState(area);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const late = [...readState(area)].filter(([key]) => !before.has(key)).map(([, { name }]) => name);
    if (late.length === 0) return false;
    const who = this.#environment.createScene ? 'createScene()' : 'build()';
    this.oddities.add(
      `The scene of environment "${this.#environment.name}" keeps loading after ${who} has returned: ${quoteNames(late)} appeared later, in the middle of an episode. Await in ${who} whatever loads or creates them.`,
    );
    return true;
  }

  /** Lives through the first episode's start two more times. */
  #startAgain(world: HeadlessWorld, first: Life): ThreeStarts {
    repeatFirst(world);
    const second = live(world, FEW, this.#options.seed);
    repeatFirst(world);
    return { first, second, third: readState(world.clock.areas[0]) };
  }

  /** Whether another world of the same seed comes to the same by the same actions. */
  async #comesOutTheSame(model: HeadlessWorld, life: Life): Promise<boolean> {
    const world = await this.#open();
    const again = live(world, DECISIONS, this.#options.seed);
    this.#takeNotices(world);
    world.dispose();
    const divergence = findDivergence(model, life.moments, again.moments);
    if (!divergence) return true;
    if (!this.#has('Math.random()'))
      this.oddities.add(
        `Environment "${this.#environment.name}" is not reproducible: of two worlds with the same seed and the same actions, ${divergence.what} differs from decision ${divergence.decision + 1} on. Look for unseeded randomness or time, such as Date.now(), and for variables outside createScene() and build(), which worlds share.`,
      );
    return false;
  }

  /** Acts otherwise with one actuator after another, and then with one branch after another of those that have several. */
  async #tryActuators(model: HeadlessWorld, life: Life): Promise<void> {
    const places = actuatorsOf(model.clock.policyRows).filter(({ policy }) => life.drove.has(policy));
    const idle: ActuatorPlace[] = [];
    for (const place of places.slice(0, MOST_ACTUATORS)) if (await this.#isIdle(place, model, life)) idle.push(place);
    if (idle.length > 0) this.oddities.add(this.#describeIdle(idle, model));
    const branches = places.filter((place) => !idle.includes(place)).flatMap(branchesOf);
    const idleBranches: ActuatorPlace[] = [];
    for (const place of branches.slice(0, MOST_ACTUATORS))
      if (await this.#isIdle(place, model, life)) idleBranches.push(place);
    for (const place of idleBranches) this.oddities.add(this.#describeIdleBranch(place));
  }

  async #isIdle(place: ActuatorPlace, model: HeadlessWorld, life: Life): Promise<boolean> {
    const world = await this.#open();
    const other = live(world, DECISIONS, this.#options.seed, place);
    world.dispose();
    return !findDivergence(model, life.moments, other.moments) && sameState(life.ended, other.ended);
  }

  #describeIdleBranch({ actuator, branch }: ActuatorPlace): string {
    return `Branch ${branch} of actuator "${actuator.name}" (0 is the first) changes nothing: in ${DECISIONS} decisions of environment "${this.#environment.name}", other choices led to the same observations, rewards and poses. Check that the scene handles it, such as a key that a KeyActuator presses. If it only matters in rare situations, ignore this.`;
  }

  #describeIdle(idle: readonly ActuatorPlace[], { clock }: HeadlessWorld): string {
    const several = clock.policyRows.length > 1;
    const names = idle.map(({ policy, actuator }) => `"${actuator.name}"${several ? ` of policy "${policy}"` : ''}`);
    const who = idle.length === 1 ? `Actuator ${names[0]}` : `Each of the actuators ${names.join(', ')}`;
    return `${who} changes nothing: in ${DECISIONS} decisions of environment "${this.#environment.name}" other actions led to the same observations, rewards and poses, to the last bit. Check that apply() reaches what it should move, that this has a body that may move, and that it is strong enough. If it matters only in situations that random actions do not reach, ignore this.`;
  }
}

/** The branches of an actuator that has several. */
function branchesOf(place: ActuatorPlace): readonly ActuatorPlace[] {
  const { branches } = place.actuator;
  if (branches.length < 2) return [];
  return branches.flatMap((size, branch) => (size > 1 ? [{ ...place, branch }] : []));
}

/** Keeps its chance apart from that of training. */
const CHECK = 0xc4ec;
