import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';

/** Babylon's own Engine, which a worker's bundle has as the class that NullEngine extends. */
const Engine = Object.getPrototypeOf(NullEngine) as typeof NullEngine;

/**
 * Makes `new Engine(canvas)` give `engine`, and tells of its canvas, until what it returns is called. A class looks up its parent whenever it is made,
 * and what the parent's constructor returns is the object: so a parent of ours, between Engine and its own, decides. Classes
 * that extend Engine are made as ever.
 */
export function handOutEngine(engine: NullEngine, onMade: (canvas: unknown) => void): () => void {
  const Parent = Object.getPrototypeOf(Engine) as new (...all: unknown[]) => object;
  function HandOut(...all: unknown[]): object {
    if ((new.target as unknown) !== Engine) return Reflect.construct(Parent, all, new.target ?? Parent);
    onMade(all[0]);
    return engine;
  }
  Object.setPrototypeOf(HandOut, Parent); // for what is static
  HandOut.isSupported = () => true;
  Object.setPrototypeOf(Engine, HandOut);
  return () => void Object.setPrototypeOf(Engine, Parent);
}
