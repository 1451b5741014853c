import { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';

let holders = 0;
let undo = () => {};

/**
 * Has bounding boxes follow their meshes, until the returned function is called. Babylon moves them when it draws a mesh,
 * and rules ask for them by `intersectsMesh()` or `moveWithCollisions()`: in training they would stay where they were made.
 */
export function holdFreshBounds(): () => void {
  if (holders++ === 0) undo = install(AbstractMesh.prototype);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    if (--holders === 0) undo();
  };
}

function install(meshes: AbstractMesh): () => void {
  const { getBoundingInfo: native } = meshes;
  function getFreshInfo(this: AbstractMesh) {
    const internals = this as unknown as MeshInternals;
    const { _currentRenderId: before } = internals;
    this.computeWorldMatrix();
    internals._currentRenderId = before; // so that whoever moves it in this frame and asks again gets what is new
    return native.call(this);
  }
  meshes.getBoundingInfo = getFreshInfo;
  return () => {
    if (meshes.getBoundingInfo === getFreshInfo) meshes.getBoundingInfo = native; // else somebody else's
  };
}

/** Private members of a mesh. */
interface MeshInternals {
  _currentRenderId: number;
}
