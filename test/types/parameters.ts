import type { Scene } from '@babylonjs/core/scene.js';
import {
  Agent,
  type AreaContext,
  type AreaLogic,
  type CheckedController,
  defineEnvironment,
  type Environment,
  type EnvironmentParameters,
  enablePhysics,
  type NoParameters,
  type PlayOptions,
  type PlayPolicyOptions,
  play,
  playPolicy,
  rememberPoses,
  showOverlay,
} from '../../plugin/index.ts';
import { type EvaluationOptions, evaluate, type TrainingPreset, train } from '../../plugin/training.ts';

// Nothing here runs. `npm run types` compiles it, and complains of every line below that compiles and should not.

declare const scene: Scene;
declare const controller: CheckedController;
declare const createWorker: () => Worker;
declare const logic: AreaLogic;

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(..._: Same<A, B> extends true ? [] : ['these differ', A, B]): void => {};

const roller = defineEnvironment({
  name: 'roller',
  parameters: { ballScale: 1, ballMass: 2 },
  build(area) {
    same<typeof area.parameters, Readonly<{ ballScale: number; ballMass: number }>>();
    // @ts-expect-error: misspelled
    area.parameters.balScale;
    // @ts-expect-error: read alone
    area.parameters.ballScale = 2;
    return logic;
  },
});
same<typeof roller, Environment<{ ballScale: number; ballMass: number }>>();

const plain = defineEnvironment({
  name: 'plain',
  build(area) {
    // @ts-expect-error: none is declared
    area.parameters.ballScale;
    return logic;
  },
});
same<typeof plain, Environment<NoParameters>>();

/** Functions outside of defineEnvironment() take what they read. */
const readsNone = (_: AreaContext): AreaLogic => logic;
const readsScale = (_: AreaContext<{ ballScale: number }>): AreaLogic => logic;
const readsAny = (_: AreaContext<EnvironmentParameters>): AreaLogic => logic;
defineEnvironment({ name: 'a', build: readsNone });
defineEnvironment({ name: 'a', build: readsAny });
defineEnvironment({ name: 'a', parameters: { ballScale: 1 }, build: readsNone });
defineEnvironment({ name: 'a', parameters: { ballScale: 1, ballMass: 1 }, build: readsScale });
defineEnvironment({ name: 'a', parameters: { ballScale: 1 }, build: readsAny });
// @ts-expect-error: it reads what is not declared
defineEnvironment({ name: 'a', build: readsScale });
// @ts-expect-error: it reads another than is declared
defineEnvironment({ name: 'a', parameters: { balScale: 1 }, build: readsScale });
defineEnvironment<{ ballScale: number }>({
  name: 'a',
  // @ts-expect-error: misspelled
  parameters: { balScale: 1 },
  build: readsNone,
});

// @ts-expect-error: misspelled
defineEnvironment({ name: 'a', build: readsNone, maxDecision: 3 });
// @ts-expect-error: misspelled
defineEnvironment({ name: 'a', build: readsNone, parameter: { ballScale: 1 } });
// @ts-expect-error: text
defineEnvironment({ name: 'a', build: readsNone, parameters: { ballScale: '1' } });
// Every environment is one, whatever its parameters.
[roller, plain] satisfies readonly Environment[];
declare const any: Environment;

play(roller, scene, controller, { parameters: { ballScale: 2 } });
play(roller, scene, controller, { parameters: { ballScale: { sampler: 'uniform', min: 1, max: 2 } } });
play(any, scene, controller, { parameters: { ballScale: 2 } });
// @ts-expect-error: misspelled
play(roller, scene, controller, { parameters: { balScale: 2 } });
// @ts-expect-error: it has none
play(plain, scene, controller, { parameters: { ballScale: 2 } });
// @ts-expect-error: misspelled
play(roller, scene, controller, { parameter: { ballScale: 2 } });
// @ts-expect-error: undefined is no number
play(roller, scene, controller, { parameters: { ballScale: undefined } });
// @ts-expect-error: misspelled
({ parameters: { balScale: 2 } }) satisfies PlayOptions<typeof roller.parameters>;

train('roller', { createWorker, parameters: { ballScale: 2 } });
train<typeof roller>('roller', { createWorker, parameters: { ballScale: 2 } });
train<typeof roller>('roller', { createWorker, parameters: { ballMass: { lessons: [{ name: 'whole', value: 1 }] } } });
// @ts-expect-error: misspelled
train<typeof roller>('roller', { createWorker, parameters: { balScale: 2 } });
// @ts-expect-error: it has none
train<typeof plain>('plain', { createWorker, parameters: { ballScale: 2 } });
// @ts-expect-error: misspelled
train('roller', { createWorker, learningrate: 1e-3 });
// @ts-expect-error: misspelled
({ parameters: { balScale: 2 } }) satisfies TrainingPreset<typeof roller>;
({ horizon: 8, parameters: { ballScale: 2 } }) satisfies TrainingPreset<typeof roller> satisfies TrainingPreset;

declare const policyFile: Uint8Array;
evaluate(policyFile, { createWorker, parameters: { ballScale: 2 } });
evaluate<typeof roller>(policyFile, { createWorker, parameters: { ballScale: 2 } });
// @ts-expect-error: misspelled
evaluate<typeof roller>(policyFile, { createWorker, parameters: { balScale: 2 } });
// @ts-expect-error: misspelled
({ createWorker, episode: 3 }) satisfies EvaluationOptions;

// Options of other functions.
// @ts-expect-error: misspelled
new Agent({ sensor: [] });
// @ts-expect-error: misspelled
({ agents: [], seeds: 1 }) satisfies PlayPolicyOptions;
// @ts-expect-error: misspelled
playPolicy(policyFile as never, scene, { agents: [], seeds: 1 });
// @ts-expect-error: misspelled
showOverlay(undefined as never, scene, { ink: {} });
// @ts-expect-error: misspelled
enablePhysics(scene, { gravityy: 1 });
// @ts-expect-error: misspelled
rememberPoses(scene, { character: [] });

// The scene is the second argument, and TypeScript knows it.
// @ts-expect-error: the other way around
play(scene, roller, controller);
// @ts-expect-error: the other way around
playPolicy(scene, undefined as never as import('../../plugin/index.ts').Policy, { agents: [] });
