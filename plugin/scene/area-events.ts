import type { EventState, Observable, Observer } from '@babylonjs/core/Misc/observable.js';
import type { IBasePhysicsCollisionEvent } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { blame } from '../core/callback-error.ts';
import { areaAtHand, enterArea, isForeign, type NeighborArea } from './area-at-hand.ts';

/**
 * Makes an area's own what its code adds to an observable: it is called as the area's code, and of events that `concerns`
 * says are of interest to the area. Returns how to stop that for observers to come.
 */
export function keepEventsApart<E>(
  observable: Observable<E>,
  concerns: (event: E, area: NeighborArea) => boolean = () => true,
  what = 'an observer of physics',
): () => void {
  type Callback = (event: E, state: EventState) => void;
  const { add, removeCallback } = observable;
  /** what was handed in, by what observes in its place */
  const handedIn = new WeakMap<Callback, Callback>();

  function addApart(
    callback: Callback | null | undefined,
    mask?: number,
    insertFirst?: boolean,
    scope?: unknown,
    once?: boolean,
  ): Observer<E> | null {
    const area = areaAtHand();
    if (!callback || !area) return add.call(observable, callback as Callback, mask, insertFirst, scope, once);
    const observer = add.call(observable, hear, mask, insertFirst, scope);
    function hear(this: unknown, event: E, state: EventState): void {
      if (!concerns(event, area as NeighborArea)) return;
      if (once) observable.remove(observer);
      const before = enterArea(area);
      try {
        (callback as Callback).call(this, event, state);
      } catch (error) {
        throw blame(error, { what, owner: (area as NeighborArea).root });
      } finally {
        enterArea(before);
      }
    }
    handedIn.set(hear, callback);
    return observer;
  }
  const removeApart: typeof removeCallback = (callback, scope) => {
    const stood = observable.observers.find(
      (observer) => handedIn.get(observer.callback) === callback && (!scope || scope === observer.scope),
    );
    return stood ? observable.remove(stood) : removeCallback.call(observable, callback, scope);
  };
  Object.assign(observable, { add: addApart, removeCallback: removeApart });
  return () => {
    Object.assign(observable, { add, removeCallback });
  };
}

/** Whether none of the bodies that touched is another area's. */
export function isOfArea({ collider, collidedAgainst }: IBasePhysicsCollisionEvent, area: NeighborArea): boolean {
  return !isForeign(collider.transformNode, area) && !isForeign(collidedAgainst.transformNode, area);
}
