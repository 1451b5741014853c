import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { PluginInternals } from './babylon-internals.ts';

/** The wall clock, whatever clock a game has in training. */
const now = performance.now.bind(performance);

/** Updates nodes after a physics step: see BodySync. */
interface NodeSync {
  sync(): void;
}

/**
 * Advances a scene's world by one step of fixed length [s], without rendering and without the wall clock, in the order of
 * Babylon's own step: nodes that drive bodies are read, Havok steps, `nodes` follow their bodies, and then observers of
 * collisions and triggers are notified.
 *
 * @returns ms spent in Havok's step
 */
export function stepPhysics(engine: PhysicsEngine, timeStep: number, nodes?: NodeSync): number {
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  const bodies = engine.getBodies() as PhysicsBody[];
  return hasRegions(plugin) ? stepRegions(plugin, bodies, timeStep) : stepWorld(plugin, bodies, timeStep, nodes);
}

/**
 * Whether bodies may be in several worlds, each with an origin of its own, as they are in a scene with a floating origin.
 * Only Babylon's own step moves them from one to another.
 */
export function hasRegions(plugin: HavokPlugin): boolean {
  const internals = plugin as unknown as PluginInternals;
  const { _worldRegions: regions = ONE } = internals; // early Babylon 8 knows of none
  return regions.length !== 1 || internals._areFloatingOriginWorldRegionsEnabled?.() === true;
}

const ONE = [undefined];

/** Babylon's step, of so many seconds whatever the plugin's own time step is; nodes are up to date after it. */
function stepRegions(plugin: HavokPlugin, bodies: PhysicsBody[], seconds: number): number {
  const own = plugin.getTimeStep();
  plugin.setTimeStep(seconds);
  const began = now();
  plugin.executeStep(seconds, bodies);
  const ms = now() - began;
  plugin.setTimeStep(own);
  return ms;
}

/** The same for the one world of all other scenes, without what only regions need. */
function stepWorld(plugin: HavokPlugin, bodies: PhysicsBody[], seconds: number, nodes: NodeSync | undefined): number {
  for (let i = 0; i < bodies.length; i++) {
    const body = bodies[i];
    if (!body.disablePreStep) plugin.setPhysicsBodyTransformation(body, body.transformNode);
  }
  const { _hknp: havok, world } = plugin;
  havok.HP_World_SetIdealStepTime(world, seconds);
  const began = now();
  havok.HP_World_Step(world, seconds);
  const ms = now() - began;
  nodes?.sync();
  if (isObserved(plugin)) notify(plugin as unknown as PluginInternals, world);
  return ms;
}

function isObserved(plugin: HavokPlugin): boolean {
  const { _bodyCollisionObservable, _bodyCollisionEndedObservable } = plugin as unknown as PluginInternals;
  return (
    plugin.onCollisionObservable.hasObservers() ||
    plugin.onCollisionEndedObservable.hasObservers() ||
    plugin.onTriggerCollisionObservable.hasObservers() ||
    _bodyCollisionObservable?.size !== 0 ||
    _bodyCollisionEndedObservable?.size !== 0
  );
}

function notify(plugin: PluginInternals, world: unknown): void {
  plugin._notifyCollisions(world);
  plugin._notifyTriggers(world);
}
