import type { Observable } from '@babylonjs/core/Misc/observable.js';
import { holdNodePlatform, isPlatformHeld } from './node-platform.ts';

let watching: Promise<void> | undefined;

/**
 * Lets each loader of files hold Node's platform until it has put itself away, where it begins while somebody holds it: that of
 * glTF does so some time after its scene is there, be it disposed by then, and reads globals as it does. Does nothing but in Node.
 */
export async function keepPlatformForLoaders(): Promise<void> {
  if (!isPlatformHeld()) return;
  watching ??= watch();
  await watching;
}

async function watch(): Promise<void> {
  const { SceneLoader } = await import('@babylonjs/core/Loading/sceneLoader.js');
  SceneLoader.OnPluginActivatedObservable.add((loader) => {
    if (isPlatformHeld() && 'onDisposeObservable' in loader)
      (loader as { readonly onDisposeObservable: Observable<void> }).onDisposeObservable.addOnce(holdNodePlatform());
  });
}
