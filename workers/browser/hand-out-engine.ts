import type { HeadlessEngine } from '../headless-engine.ts';

/**
 * Makes `new Engine(canvas)` give `engine`, and tells of its canvas, until what it returns is called. A class looks up its parent whenever it is made,
 * and what the parent's constructor returns is the object: so a parent of ours, between Engine and its own, decides. Classes
 * that extend Engine are made as ever.
 */
export function handOutEngine(engine: HeadlessEngine, onMade: (canvas: unknown) => void): () => void {
  const Engine = Object.getPrototypeOf(Object.getPrototypeOf(engine.constructor)); // which NullEngine extends
  const Parent = Object.getPrototypeOf(Engine) as new (...all: unknown[]) => object;
  function HandOut(...all: unknown[]): object {
    if (new.target !== Engine) return Reflect.construct(Parent, all, new.target ?? Parent);
    onMade(all[0]);
    return engine;
  }
  Object.setPrototypeOf(HandOut, Parent); // for what is static
  HandOut.isSupported = () => true;
  Object.setPrototypeOf(Engine, HandOut);
  return () => void Object.setPrototypeOf(Engine, Parent);
}
