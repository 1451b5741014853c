import { Agent, type Outcome } from '../../plugin/index.ts';

// Nothing here runs. `npm run types` compiles it, and complains of every line below that compiles and should not.

const agent = new Agent();

// What games call.
agent.addReward(1);
agent.terminate();
agent.beginEpisode();
agent.sense(new Float32Array(1), 0);
agent.outcome satisfies Outcome;
agent.onEpisodeBeginObservable.add(({ episode }) => episode satisfies number);
agent.onEpisodeEndObservable.add(({ outcome }) => outcome satisfies Outcome);

// What only the runtime calls.
// @ts-expect-error
agent.begin;
// @ts-expect-error
agent.release;
// @ts-expect-error
agent.truncate;
// @ts-expect-error
agent.takeReward;
// @ts-expect-error
agent.observe;
// @ts-expect-error
agent.remember;
// @ts-expect-error
agent.writeMask;
// @ts-expect-error
agent.apply;
// @ts-expect-error
agent.home;
// @ts-expect-error
agent.badRewardPlace;
// @ts-expect-error
agent.runtime;
