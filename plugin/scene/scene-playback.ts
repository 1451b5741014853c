import { Observable } from '@babylonjs/core/Misc/observable.js';
import { AgentsError } from '../core/errors.ts';
import type { CheckedController } from './controllers.ts';
import type { PolicyRows } from './decision-clock.ts';
import type { Clock } from './require-clock.ts';
import type { Paced, ScenePace } from './scene-pace.ts';

/** Agents at play in a rendered scene. Time is the scene's: `paused` and `speed` hold for all that plays in it. */
export interface ScenePlayback<Self> {
  /** whom it drives, policy by policy, with what they see and do; asked anew, since agents may come and go */
  readonly policyRows: readonly PolicyRows[];
  /** whether it has ended */
  readonly disposed: boolean;
  /** while true, nothing moves: no decisions, no physics; the same holds while the scene's `physicsEnabled` is false */
  paused: boolean;
  /** seconds of the world for each of the wall clock, above 0: 0.1 is slow motion, with the same physics steps, fewer a second */
  speed: number;
  /** s between two decisions, in the world's time */
  readonly decisionTime: number;
  /** where between the last physics step and the next the world's time stands, from 0 to 1: for smooth pictures */
  readonly progress: number;
  /**
   * Notified at the end of every decision, in the middle of a frame; agents' outcomes and returns are still those of the
   * episode that may have ended. Dispose the scene after the frame, not here.
   */
  readonly onDecisionObservable: Observable<Self>;
  /** Replaces the controller at the next decision. One that does not fit the agents is refused, and the old one plays on. */
  control(controller: CheckedController): void;
  /** Lives to the end of one decision at once, paused or not; whatever else plays in the scene lives as long. */
  stepDecision(): void;
  /** Lets so many seconds of the wall clock pass, unless paused; every frame of the scene does it too, with the time that it took. */
  advance(seconds: number): void;
  /** Stops deciding, and leaves the scene's physics to Babylon again once nothing else plays in it. A scene that is disposed takes it along. */
  dispose(): void;
}

/** What a playback does at each point of a decision. */
export interface DecisionSteps {
  readonly decisionPeriod: number;
  /** Observes, and chooses the actions to hold. */
  decide(): void;
  /** Hands them to the actuators: before every step. */
  apply(): void;
  /** A step was taken. */
  afterStep(): void;
  /** The decision is over. */
  close(): void;
}

/** Takes decisions at the pace of a scene: what all playbacks have in common. It holds the pace until it is disposed. */
export abstract class PacedPlayback<Self> implements ScenePlayback<Self> {
  readonly decisionTime: number;
  readonly onDecisionObservable = new Observable<Self>();
  /** what a policy must have been trained at */
  protected readonly times: Clock;
  readonly #pace: ScenePace;
  readonly #steps: DecisionSteps;
  readonly #paced: Paced = {
    beforeStep: () => this.#beforeStep(),
    afterStep: () => this.#afterStep(),
    dispose: () => this.dispose(),
  };
  /** steps that the action at hand has been held */
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

  /** Leaves the agents: the last thing that a playback does. */
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
