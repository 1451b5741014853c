import type { IRaycastQuery } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { HavokPhysicsWithBindings, HP_ShapeId } from '@babylonjs/havok';
import type { NeighborArea } from './area-at-hand.ts';
import { slotAt } from './area-slots.ts';
import type { PluginInternals } from './babylon-internals.ts';
import { CollisionLayers } from './collision-layers.ts';

/** Whose a shape is: an area's; of bodies that are in several, or outside all of them; undefined: of no body so far. */
export type ShapeOwner = NeighborArea | 'everybody' | undefined;

/** A shape's masks as its user set them, and whose it is. */
interface Masks {
  membership: number;
  collideWith: number;
  owner: ShapeOwner;
  /** a node whose body it is on */
  node: string | undefined;
}

/** An area that shares the bits of masks with others. */
interface Sharer extends NeighborArea {
  readonly row: number;
  readonly column: number;
  bits: number;
  sharesBits: boolean;
}

/**
 * The collision masks of a world's shapes: those that users set, and those that Havok is told instead, by which shapes of
 * two areas have nothing to do with each other.
 */
export class MaskedShapes {
  readonly #havok: HavokPhysicsWithBindings;
  readonly #existing: ReadonlyMap<bigint, PhysicsShape>;
  readonly #layers = new CollisionLayers();
  /** by Havok's address of the shape */
  readonly #masks = new Map<bigint, Masks>();
  #areas: readonly Sharer[] = [];
  /** of each area */
  readonly #slots = new Map<NeighborArea, number>();
  /** is told of nodes with a shape that is on bodies of another area as well */
  readonly #onShared: (node: string) => void;

  constructor(plugin: HavokPlugin, onShared: (node: string) => void) {
    this.#onShared = onShared;
    this.#havok = plugin._hknp;
    this.#existing = (plugin as unknown as PluginInternals)._shapes;
    for (const { _pluginData: id } of this.#existing.values()) this.#of(id);
  }

  /** Kinds of things that the masks tell apart. */
  get kinds(): number {
    return this.#layers.count;
  }

  /** Says between which areas the bits are shared out. Without any, Havok is told what users set. */
  share(areas: readonly Sharer[]): void {
    this.#areas = areas;
    this.#tellAll();
  }

  /** The masks that a shape's user set. */
  get({ _pluginData: id }: PhysicsShape): Readonly<Masks> {
    return this.#of(id);
  }

  set({ _pluginData: id }: PhysicsShape, change: Partial<Pick<Masks, 'membership' | 'collideWith'>>): void {
    const masks = Object.assign(this.#of(id), change);
    if (this.#learn(masks)) this.#tellAll();
    else this.#tell(id, masks, masks.owner);
  }

  /** Notes whose body a shape is on, and that body's node; one on bodies of several is everybody's. */
  claim({ _pluginData: id }: PhysicsShape, owner: Exclude<ShapeOwner, undefined>, node?: string): void {
    this.#claim(id, owner, node);
  }

  /** Gives a shape's owner to its new child. */
  inherit(shape: PhysicsShape, child: PhysicsShape): void {
    const { owner, node } = this.#of(shape._pluginData);
    if (owner) this.claim(child, owner, node);
  }

  /** Forgets a shape that was at the same address before. */
  forget({ _pluginData: id }: PhysicsShape): void {
    this.#masks.delete(id[0]);
  }

  /** What Havok is to be told of a query's masks, that it finds shapes of an area and of everybody. */
  narrow(
    { membership = ~0, collideWith = ~0 }: Pick<IRaycastQuery, 'membership' | 'collideWith'> = {},
    area: NeighborArea | undefined,
  ): { membership: number; collideWith: number } {
    return { membership: this.#encode(membership, area), collideWith: this.#encode(collideWith, area) };
  }

  /** Lets a shape that is on no body, but asked with, find those of an area and of everybody. */
  aim({ _pluginData: id }: PhysicsShape, area: NeighborArea | undefined): void {
    if (!this.#of(id).owner) this.#tellTree(id, area);
  }

  #of(id: HP_ShapeId): Masks {
    let masks = this.#masks.get(id[0]);
    if (masks) return masks;
    const [membership, collideWith] = this.#havok.HP_Shape_GetFilterInfo(id)[1];
    masks = { membership, collideWith, owner: undefined, node: undefined };
    this.#masks.set(id[0], masks);
    if (this.#learn(masks)) this.#tellAll();
    return masks;
  }

  #learn({ membership, collideWith }: Masks): boolean {
    const learned = this.#layers.learn(membership);
    return this.#layers.learn(collideWith) || learned;
  }

  #claim(id: HP_ShapeId, owner: Exclude<ShapeOwner, undefined>, node?: string): void {
    const masks = this.#of(id);
    if (masks.owner === owner || masks.owner === 'everybody') return;
    masks.node ??= node;
    if (masks.owner && owner !== 'everybody' && masks.node !== undefined) this.#onShared(masks.node);
    masks.owner = masks.owner ? 'everybody' : owner;
    this.#tell(id, masks, masks.owner);
    for (const child of this.#childrenOf(id)) this.#claim(child, owner, node);
  }

  /** Tells Havok what it is to take a shape's masks for. */
  #tell(id: HP_ShapeId, { membership, collideWith }: Masks, owner: ShapeOwner): void {
    this.#havok.HP_Shape_SetFilterInfo(id, [this.#encode(membership, owner), this.#encode(collideWith, owner)]);
  }

  #tellAll(): void {
    const { slots } = this.#layers;
    this.#slots.clear();
    this.#areas.forEach((area, i) => {
      const shared = this.#areas.length > slots;
      this.#slots.set(area, shared ? slotAt(area.row, area.column, slots) : i);
      area.sharesBits = shared;
      area.bits = this.#encode(~0, area);
    });
    for (const { _pluginData: id } of this.#existing.values()) this.#tellTree(id, this.#of(id).owner);
  }

  #tellTree(id: HP_ShapeId, owner: ShapeOwner): void {
    this.#tell(id, this.#of(id), owner);
    for (const child of this.#childrenOf(id)) this.#tellTree(child, this.#of(child).owner ?? owner);
  }

  #encode(mask: number, owner: ShapeOwner): number {
    if (this.#areas.length === 0) return mask;
    return this.#layers.encode(mask, typeof owner === 'object' ? this.#slots.get(owner) : undefined);
  }

  #childrenOf(id: HP_ShapeId): HP_ShapeId[] {
    if (this.#existing.get(id[0])?.type !== PhysicsShapeType.CONTAINER) return [];
    const count = this.#havok.HP_Shape_GetNumChildren(id)[1];
    return Array.from({ length: count }, (_, i) => this.#havok.HP_Shape_GetChildShape(id, i)[1]);
  }
}
