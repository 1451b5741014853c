import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Area } from '../plugin/scene/area.ts';
import { nodesOf } from '../plugin/scene/scene-nodes.ts';
import { WatchedPose } from './watched-pose.ts';

/** Babylon's name for the node of a PhysicsCharacterController, all that a scene knows of it. */
const CHARACTER = 'CCTransformNode';
/** Episodes that are watched, and those that a character must resume from the one before. */
const EPISODES = 4;
const RESUMED = 3;
/** m that reset() must have moved it by */
const FAR = 0.5;

interface Watched {
  readonly node: TransformNode;
  /** when the last episode ended, and after the reset that followed */
  readonly ended: WatchedPose;
  readonly reset: WatchedPose;
  resumed: number;
}

/**
 * Watches the first episodes of an area for characters of which reset() moves the node alone: their controllers keep their
 * place, and take the node back there.
 */
export class CharacterWatch {
  readonly #environment: string;
  readonly #notices: Notices;
  readonly #watched: readonly Watched[];
  readonly #now = new WatchedPose();
  #episodes = 0;
  /** whether the next decision is an episode's first, after another */
  #first = false;

  constructor({ scene }: Area, environment: string, notices: Notices) {
    this.#environment = environment;
    this.#notices = notices;
    this.#watched = nodesOf(scene)
      .filter(({ name, physicsBody }) => name === CHARACTER && physicsBody)
      .map((node) => ({ node, ended: new WatchedPose(), reset: new WatchedPose(), resumed: 0 }));
  }

  get done(): boolean {
    return this.#watched.length === 0 || (this.#episodes >= EPISODES && !this.#first);
  }

  /** The area's episode is over, and reset() comes next. */
  end(): void {
    for (const { node, ended } of this.#watched) ended.read(node);
  }

  /** reset() was called. */
  begin(): void {
    this.#episodes++;
    this.#first = true;
    for (const { node, reset } of this.#watched) reset.read(node);
  }

  /** A decision is over. */
  decided(): void {
    if (!this.#first) return;
    this.#first = false;
    for (const watched of this.#watched) {
      const { node, ended, reset } = watched;
      if (node.isDisposed()) continue;
      const now = this.#now.read(node);
      const resumes = ended.distance(reset) > FAR && now.distance(ended) < now.distance(reset);
      if (resumes && ++watched.resumed === RESUMED) this.#tell();
    }
  }

  #tell(): void {
    this.#notices.add(
      `reset() of environment "${this.#environment}" moves the node of a PhysicsCharacterController but not the controller, which continues from where the last episode ended. Name it: \`rememberPoses(scene, { characters: [controller] })\`, or call its setPosition() and setVelocity() in reset().`,
    );
  }
}
