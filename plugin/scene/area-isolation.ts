import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { IPhysicsShapeProximityCastQuery } from '@babylonjs/core/Physics/physicsShapeProximityCastQuery.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { areaAtHand, isForeign, markNeighbor, type NeighborArea, neighborAround } from './area-at-hand.ts';
import { isOfArea, keepEventsApart } from './area-events.ts';
import { keepLookupsApart } from './area-lookups.ts';
import type { GridPlace } from './area-roots.ts';
import { AreaWarnings } from './area-warnings.ts';
import { frameObservables } from './frame-observers.ts';
import { MaskedShapes } from './masked-shapes.ts';

const isolations = new WeakMap<HavokPlugin, AreaIsolation>();

/**
 * Isolates copies of an environment in one Havok world: bodies of different areas neither touch nor trigger each other, and
 * an area's code finds, hits and observes only its own. Things outside all areas are shared. For this it replaces some
 * functions of Babylon's scene, physics engine and plugin until the last area is gone.
 */
export class AreaIsolation {
  readonly #engine: PhysicsEngine;
  readonly #plugin: HavokPlugin;
  readonly #shapes: MaskedShapes;
  readonly #warnings = new AreaWarnings();
  readonly #undo: readonly (() => void)[];
  readonly #areas = new Set<IsolatedArea>();

  /** Isolates areas that are about to be built, each until it is released. */
  static add(engine: PhysicsEngine, places: readonly GridPlace[]): void {
    const [{ root }] = places;
    const plugin = engine.getPhysicsPlugin() as HavokPlugin;
    if (!plugin._hknp) return; // another engine
    const isolation = isolations.get(plugin) ?? new AreaIsolation(engine, root.getScene());
    isolations.set(plugin, isolation);
    const areas = places.map((place) => new IsolatedArea(isolation.#shapes, place));
    for (const area of areas) isolation.#areas.add(area);
    isolation.#shapes.share([...isolation.#areas]);
    for (const area of areas) markNeighbor(area, () => isolation.#release(area));
  }

  /** New warnings about the isolation of a world's areas, each once; none if there is one area. */
  static takeWarnings(engine: PhysicsEngine, environment: string): readonly string[] {
    const isolation = isolations.get(engine.getPhysicsPlugin() as HavokPlugin);
    return isolation ? isolation.#warnings.take(environment, [...isolation.#areas], isolation.#shapes.kinds) : [];
  }

  private constructor(engine: PhysicsEngine, scene: Scene) {
    this.#engine = engine;
    this.#plugin = engine.getPhysicsPlugin() as HavokPlugin;
    this.#shapes = new MaskedShapes(this.#plugin, (node) => this.#warnings.noteSharedShape(node));
    for (const { shape } of engine.getBodies() as PhysicsBody[]) if (shape) this.#shapes.claim(shape, 'everybody');
    this.#undo = [
      keepEventsApart(this.#plugin.onCollisionObservable, isOfArea),
      keepEventsApart(this.#plugin.onCollisionEndedObservable, isOfArea),
      keepEventsApart(this.#plugin.onTriggerCollisionObservable, isOfArea),
      keepEventsApart(scene.onBeforePhysicsObservable),
      keepEventsApart(scene.onAfterPhysicsObservable),
      ...frameObservables(scene).map((observable) => keepEventsApart(observable, undefined, 'an observer of frames')),
      keepLookupsApart(scene),
      ...this.#keepShapes(),
      ...this.#narrowQueries(),
    ];
  }

  #release(area: IsolatedArea): void {
    this.#areas.delete(area);
    if (this.#areas.size > 0) return;
    this.#shapes.share([]);
    for (const undo of this.#undo) undo();
    isolations.delete(this.#plugin);
  }

  /** Tracks the owner of each shape, and shows users the masks they set. */
  #keepShapes(): (() => void)[] {
    const plugin = this.#plugin;
    const shapes = this.#shapes;
    return [
      standIn(plugin, 'initShape', (initShape) => (shape, type, options) => {
        initShape(shape, type, options);
        shapes.forget(shape); // which another had at this address
      }),
      standIn(plugin, 'setShape', (setShape) => (body, shape) => {
        setShape(body, shape);
        if (!shape) return;
        const { transformNode: node } = body;
        shapes.claim(shape, neighborAround(node) ?? areaAtHand() ?? 'everybody', node.name);
      }),
      standIn(plugin, 'addChild', (addChild) => (shape, child, ...pose) => {
        addChild(shape, child, ...pose);
        shapes.inherit(shape, child);
      }),
      standIn(plugin, 'setShapeFilterMembershipMask', () => (shape, membership) => shapes.set(shape, { membership })),
      standIn(plugin, 'setShapeFilterCollideMask', () => (shape, collideWith) => shapes.set(shape, { collideWith })),
      standIn(plugin, 'getShapeFilterMembershipMask', () => (shape) => shapes.get(shape).membership),
      standIn(plugin, 'getShapeFilterCollideMask', () => (shape) => shapes.get(shape).collideWith),
    ];
  }

  /** Limits the queries of an area's code to its own bodies. */
  #narrowQueries(): (() => void)[] {
    const plugin = this.#plugin;
    const shapes = this.#shapes;
    const aim = ({ shape }: Pick<IPhysicsShapeProximityCastQuery, 'shape'>) => shapes.aim(shape, areaAtHand());
    return [
      standIn(plugin, 'raycast', (raycast) => (from, to, result, query) => {
        raycast(from, to, result, { ...query, ...shapes.narrow(query, areaAtHand()) });
      }),
      standIn(plugin, 'pointProximity', (pointProximity) => (query, result) => {
        pointProximity({ ...query, collisionFilter: shapes.narrow(query.collisionFilter, areaAtHand()) }, result);
      }),
      standIn(plugin, 'shapeProximity', (shapeProximity) => (query, ...results) => {
        aim(query);
        shapeProximity(query, ...results);
      }),
      standIn(plugin, 'shapeCast', (shapeCast) => (query, ...results) => {
        aim(query);
        shapeCast(query, ...results);
      }),
      standIn(this.#engine, 'getBodies', (getBodies) => () => {
        const area = areaAtHand(); // for explosions and the like, that go through all of them
        const bodies = getBodies() as PhysicsBody[];
        return area ? bodies.filter(({ transformNode }) => !isForeign(transformNode, area)) : bodies;
      }),
    ];
  }
}

/** An area in its grid. */
export class IsolatedArea implements NeighborArea {
  readonly root: TransformNode;
  readonly row: number;
  readonly column: number;
  bits = ~0;
  sharesBits = false;
  readonly #shapes: MaskedShapes;

  constructor(shapes: MaskedShapes, { root, row, column }: GridPlace) {
    this.#shapes = shapes;
    this.root = root;
    this.row = row;
    this.column = column;
  }

  own(shape: PhysicsShape): void {
    this.#shapes.claim(shape, this);
  }
}

/** Replaces a function of an object. Returns a function that undoes it. */
function standIn<T extends HavokPlugin | PhysicsEngine, K extends keyof T>(
  object: T,
  name: K,
  make: (original: T[K]) => T[K],
): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const original = object[name] as (...all: unknown[]) => unknown;
  object[name] = make(original.bind(object) as T[K]);
  return () => {
    if (own) Object.defineProperty(object, name, own);
    else delete (object as Partial<T>)[name];
  };
}
