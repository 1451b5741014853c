import type { Scene } from '@babylonjs/core/scene.js';

export function addInspectorButton(button: HTMLButtonElement, scene: Scene) {
  // snippet: inspect
  button.onclick = async () => {
    const { showAgents } = await import('babylon-agents/inspector');
    await showAgents(scene); // accepts ShowInspector's options; dispose() the result to close it
  };
  // snippet end
}
