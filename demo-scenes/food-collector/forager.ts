import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { type AreaContext, type Random, teleport } from '../../plugin/index.ts';
import { drawPlace } from './meadow.ts';

/** m; it is drawn as a cube of twice this edge, centered at the body's top, to be visible from afar */
const EDGE = 1;
const SHOWN = 2;
/** kg */
const MASS = 10;
/** drag [1/s] */
const DRAG = 0.5;
/** m/s that a full push adds in a physics step */
const PUSH = 2;
/** rad/s of a full turn */
const TURN = (300 * Math.PI) / 180;
/** (m/s)² beyond which it keeps SLOWED of its speed in every step */
const FAST = 25;
const SLOWED = 0.95;
/** share of its speed, and of its push, that it keeps in a step in which it shoots */
const SHOOTING = { speed: 0.75, push: 0.5 };
/** the laser's range, and how far from its line it hits a cube [m] */
const LASER = { length: 25, reach: 2.5 };
/** physics steps that a hit cube stays frozen: 4 s */
const FROZEN = 200;

/** A cube that slides and rotates on level ground; its laser freezes the others. */
export class Forager {
  readonly node: Mesh;
  readonly #body: PhysicsBody;
  readonly #laser: Mesh;
  readonly #ice: Mesh;
  /** physics steps that it stays frozen */
  #frozen = 0;
  readonly #velocity = new Vector3();
  readonly #turn = new Vector3();
  readonly #ahead = new Vector3();

  constructor(area: AreaContext) {
    const { root, scene } = area;
    this.node = CreateBox('forager', { size: SHOWN }, scene);
    this.node.parent = root;
    this.node.position.y = SHOWN / 2;
    Tags.AddTagsTo(this.node, 'agent');
    const box = { extents: new Vector3(EDGE, EDGE, EDGE), center: new Vector3(0, (EDGE - SHOWN) / 2, 0) };
    const surface = { mass: MASS, friction: 0.6, restitution: 0 };
    this.#body = new PhysicsAggregate(this.node, PhysicsShapeType.BOX, { ...box, ...surface }, scene).body;
    this.#body.setMassProperties({ mass: MASS, inertia: Vector3.Zero() }); // how Havok is told that nothing tips it over
    this.#body.setLinearDamping(DRAG);
    this.#laser = createPart(this.node, 'laser', new Vector3(0.3, 0.3, LASER.length), LASER.length / 2);
    this.#ice = createPart(this.node, 'ice', new Vector3(2.5, 2.5, 2.5), 0);
    createPart(this.node, 'visor', new Vector3(1.5, 0.5, 0.2), SHOWN / 2).position.y = 0.4;
    this.#laser.setEnabled(false);
    this.#ice.setEnabled(false);
  }

  get frozen(): boolean {
    return this.#frozen > 0;
  }

  /** Begins an episode at a random position, facing a random direction. */
  begin(random: Random): void {
    const position = drawPlace(random, this.#velocity);
    position.y = SHOWN / 2;
    const rotation = Quaternion.RotationYawPitchRoll(random.between(-Math.PI, Math.PI), 0, 0);
    teleport(this.node, { position, rotation });
    this.#thaw();
    this.#laser.setEnabled(false);
  }

  /** Moves for one physics step, as shares of a full push and turn, and shoots, unless it is frozen. */
  act(forward: number, right: number, turn: number, shoots: boolean, others: readonly Forager[]): void {
    const free = this.#frozen === 0;
    const shooting = free && shoots;
    this.#aim();
    this.#body.getLinearVelocityToRef(this.#velocity);
    if (shooting) this.#velocity.scaleInPlace(SHOOTING.speed);
    if (this.#velocity.lengthSquared() > FAST) this.#velocity.scaleInPlace(SLOWED);
    if (free) this.#push(forward, right, shooting ? PUSH * SHOOTING.push : PUSH);
    this.#body.setLinearVelocity(this.#velocity);
    this.#turn.y = free ? turn * TURN : 0;
    this.#body.setAngularVelocity(this.#turn);
    if (shooting !== this.#laser.isEnabled(false)) this.#laser.setEnabled(shooting);
    if (shooting) this.#shoot(others);
  }

  /** Called after a physics step. */
  rest(): void {
    if (this.#frozen > 0 && --this.#frozen === 0) this.#thaw();
  }

  /** Freezes it for 4 s, unless it is frozen already. */
  freeze(): void {
    if (this.#frozen > 0) return;
    this.#frozen = FROZEN;
    this.#ice.setEnabled(true);
    Tags.RemoveTagsFrom(this.node, 'agent');
    Tags.AddTagsTo(this.node, 'frozenAgent');
  }

  #thaw(): void {
    this.#frozen = 0;
    this.#ice.setEnabled(false);
    Tags.RemoveTagsFrom(this.node, 'frozenAgent');
    Tags.AddTagsTo(this.node, 'agent');
  }

  /** Computes the horizontal direction of its z axis. */
  #aim(): void {
    const { y, w } = this.node.rotationQuaternion!; // it only rotates about the vertical
    this.#ahead.x = 2 * w * y;
    this.#ahead.z = 1 - 2 * y * y;
  }

  #push(forward: number, right: number, strength: number): void {
    const { x, z } = this.#ahead;
    this.#velocity.x += strength * (forward * x + right * z);
    this.#velocity.z += strength * (forward * z - right * x);
  }

  /** Freezes the first of the others in the laser's way; food does not block it. */
  #shoot(others: readonly Forager[]): void {
    let nearest: Forager | undefined;
    let distance = LASER.length;
    for (const other of others) {
      if (other === this) continue;
      const dx = other.node.position.x - this.node.position.x;
      const dz = other.node.position.z - this.node.position.z;
      const along = dx * this.#ahead.x + dz * this.#ahead.z;
      const aside = Math.abs(dx * this.#ahead.z - dz * this.#ahead.x);
      if (along <= 0 || along > distance || aside > LASER.reach) continue;
      nearest = other;
      distance = along;
    }
    nearest?.freeze();
  }
}

/** A box in front of a cube or around it, for people. */
function createPart(cube: Mesh, name: string, size: Vector3, ahead: number): Mesh {
  const part = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, cube.getScene());
  part.parent = cube;
  part.position.z = ahead;
  return part;
}
