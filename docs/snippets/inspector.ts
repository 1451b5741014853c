import type { Scene } from '@babylonjs/core/scene.js';

export function addInspectorButton(button: HTMLButtonElement, scene: Scene) {
  // snippet: inspect
  button.onclick = async () => {
    const { showAgents } = await import('babylon-agents/inspector');
    await showAgents(scene); // takes the options of ShowInspector; dispose() of what it returns closes it
  };
  // snippet end
}
