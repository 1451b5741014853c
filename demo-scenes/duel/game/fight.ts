import type { Scene } from '@babylonjs/core/scene.js';
import { type CheckedController, enablePhysics, type Playback, play, SplitController } from '../../../plugin/index.ts';
import { Duel } from '../duel.ts';
import { duel as environment } from '../environment.ts';

/** Agents that nobody drives yet do nothing. */
const rest: CheckedController = { act: (_, action) => void action.fill(0) };

/** Rounds begin nearer to the middle than in training, with the person's bot on the near side, and nobody is scripted. */
const PARAMETERS = { mark: 2.2, scatter: 0.15, sparring: 0 };

/** The environment at play in the game's scene: the very one that the opponents were trained in, on its decision clock. */
export class Fight {
  readonly duel: Duel;
  readonly playback: Playback;

  static async open(scene: Scene): Promise<Fight> {
    await enablePhysics(scene);
    const playback = await play(environment, scene, rest, { parameters: PARAMETERS });
    return new Fight(playback);
  }

  private constructor(playback: Playback) {
    this.playback = playback;
    const [{ root }] = playback.clock.areas;
    this.duel = Duel.of(root);
    for (const mesh of root.getChildMeshes()) mesh.isVisible = false; // the game draws them in its own way
    playback.paused = true;
  }

  /** Lets a person fight against an opponent. */
  pit(person: CheckedController, opponent: CheckedController): void {
    this.playback.control(new SplitController(person, 1, opponent));
  }

  /** Lets two bots of one mind fight each other. */
  show(both: CheckedController): void {
    this.playback.control(both);
  }

  /** Puts both bots at their marks for a round, whatever became of the one before. */
  begin(): void {
    const { clock } = this.playback;
    this.playback.stepDecision(); // a round that was left may stand in the middle of a decision
    for (const area of clock.areas) area.end();
    clock.restart();
  }
}
