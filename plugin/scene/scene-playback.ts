import { Observable } from '@babylonjs/core/Misc/observable.js';
import { AgentsError } from '../core/errors.ts';
import type { CheckedController } from './controllers.ts';
import type { PolicyRows } from './decision-clock.ts';
import type { Clock } from './require-clock.ts';
import type { Paced, ScenePace } from './scene-pace.ts';

/** Agents playing in a rendered scene. `paused` and `speed` apply to all playbacks in the scene. */
export interface ScenePlayback<Self> {
  /** the agents it drives, by policy, with their observations and actions; read it again each time, since agents may come and go */
  readonly policyRows: readonly PolicyRows[];
  /** whether it has ended */
  readonly disposed: boolean;
  /** while true, nothing moves: no decisions, no physics; likewise while the scene's `physicsEnabled` is false */
  paused: boolean;
  /** simulated seconds per real second, above 0; 0.1 is slow motion, with the same physics steps but fewer per second */
  speed: number;
  /** simulated s between two decisions */
  readonly decisionTime: number;
  /** the fraction of the time from the last physics step to the next, 0 to 1; for smooth rendering */
  readonly progress: number;
  /**
   * Notified at the end of every decision, mid-frame. If the decision ended an episode, agents' outcomes and returns are
   * still those of that episode. Dispose the scene after the frame, not here.
   */
  readonly onDecisionObservable: Observable<Self>;
  /** Replaces the controller from the next decision. If it does not match the agents, throws and keeps the old one. */
  control(controller: CheckedController): void;
  /** Runs to the end of one decision immediately, even if paused; other playbacks in the scene advance as well. */
  stepDecision(): void;
  /** Advances by real seconds, unless paused; every frame of the scene also does this. */
  advance(seconds: number): void;
  /** Stops deciding. Once no playback is left in the scene, Babylon steps its physics again. Disposing the scene also disposes the playback. */
  dispose(): void;
}

/** What a playback does at each point of a decision. */
export interface DecisionSteps {
  readonly decisionPeriod: number;
  /** Observes and chooses the actions to hold. */
  decide(): void;
  /** Passes them to the actuators, before every step. */
  apply(): void;
  /** Called after every step. */
  afterStep(): void;
  /** Called when the decision is over. */
  close(): void;
}

/** The common base of playbacks: takes decisions at the pace of a scene, which it holds until it is disposed. */
export abstract class PacedPlayback<Self> implements ScenePlayback<Self> {
  readonly decisionTime: number;
  readonly onDecisionObservable = new Observable<Self>();
  /** the clock that a policy must have been trained with */
  protected readonly times: Clock;
  readonly #pace: ScenePace;
  readonly #steps: DecisionSteps;
  readonly #paced: Paced = {
    beforeStep: () => this.#beforeStep(),
    afterStep: () => this.#afterStep(),
    dispose: () => this.dispose(),
  };
  /** steps for which the current action has been held */
  #step = 0;
  #disposed = false;

  constructor(pace: ScenePace, steps: DecisionSteps) {
    const { timeStep, frames } = pace;
    const { decisionPeriod } = steps;
    this.decisionTime = timeStep * decisionPeriod;
    this.times = { timeStep, decisionPeriod, frames };
    this.#pace = pace;
    this.#steps = steps;
    pace.add(this.#paced);
  }

  abstract get policyRows(): readonly PolicyRows[];

  get disposed(): boolean {
    return this.#disposed;
  }

  get paused(): boolean {
    return this.#pace.paused;
  }

  set paused(paused: boolean) {
    this.#pace.paused = paused;
  }

  get speed(): number {
    return this.#pace.speed;
  }

  set speed(speed: number) {
    if (!(Number.isFinite(speed) && speed > 0))
      throw new AgentsError(`A playback got speed ${speed}. It must be a number above 0; set \`paused\` to stop it.`);
    this.#pace.speed = speed;
  }

  get progress(): number {
    return this.#pace.progress;
  }

  abstract control(controller: CheckedController): void;

  stepDecision(): void {
    this.requireAlive();
    do this.#pace.step();
    while (this.#step > 0 && !this.#disposed); // another playback's observer may dispose this one half way
  }

  advance(seconds: number): void {
    this.requireAlive();
    this.#pace.advance(seconds);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#pace.remove(this.#paced);
    this.onDecisionObservable.clear();
    this.takeOff();
    this.#pace.release();
  }

  /** Releases the agents; called at the end of dispose(). */
  protected abstract takeOff(): void;

  #beforeStep(): void {
    if (this.#disposed) return;
    if (this.#step === 0) this.#steps.decide();
    if (!this.#disposed) this.#steps.apply();
  }

  #afterStep(): void {
    if (this.#disposed) return;
    this.#steps.afterStep();
    if (this.#disposed) return;
    this.#step++;
    if (this.#step < this.#steps.decisionPeriod) return;
    this.#step = 0;
    this.#steps.close();
    this.onDecisionObservable.notifyObservers(this as unknown as Self);
  }

  protected requireAlive(): void {
    if (this.#disposed) throw new AgentsError('A disposed playback cannot continue. Start a new one.');
  }
}
