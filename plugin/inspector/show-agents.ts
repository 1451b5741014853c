import type { Scene } from '@babylonjs/core/scene.js';
import type { InspectorOptions, InspectorToken } from '@babylonjs/inspector';
import { AgentsError } from '../core/errors.ts';
import { requireScene } from '../scene/require-scene.ts';
import type { ServiceDefinition } from './inspector-types.ts';

/**
 * Opens Babylon's Inspector on a scene with a pane of its agents, live. The first call loads the
 * Inspector. Takes all options of `ShowInspector`; disposing the token closes it.
 */
export async function showAgents(scene: Scene, options: Partial<InspectorOptions> = {}): Promise<InspectorToken> {
  requireScene(scene, 'showAgents(scene, options)');
  const [{ ShowInspector }, pane] = await Promise.all([loadInspector(), loadAgentsPane()]);
  return ShowInspector(scene, { ...options, serviceDefinitions: [...(options.serviceDefinitions ?? []), pane] });
}

/** The pane alone, for a page that opens the Inspector itself: one of the `serviceDefinitions` of `ShowInspector`. */
export async function loadAgentsPane(): Promise<ServiceDefinition> {
  await loadInspector();
  return (await import('./agents-pane.tsx')).agentsPane;
}

/** The optional package, or an error that says how to install it. */
async function loadInspector(): Promise<typeof import('@babylonjs/inspector')> {
  try {
    return requireServices(await import('@babylonjs/inspector'));
  } catch (cause) {
    if (AgentsError.is(cause)) throw cause;
    throw new AgentsError(
      'The agents pane needs the optional packages "@babylonjs/inspector" and "react", but they could not be loaded. Install them: npm install --save-dev @babylonjs/inspector react react-dom.',
      { cause },
    );
  }
}

/** Throws if an Inspector is older than the services that the pane is one of. */
export function requireServices<T extends object>(inspector: T): T {
  const { ShowInspector, SceneContextIdentity, TextPropertyLine } = inspector as Readonly<Record<string, unknown>>;
  if (ShowInspector && SceneContextIdentity && TextPropertyLine) return inspector;
  throw new AgentsError(
    'The agents pane needs "@babylonjs/inspector" 9.28 or newer, but an older one is installed. Update it together with @babylonjs/core, or do not use the pane.',
  );
}
