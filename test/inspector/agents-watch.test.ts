import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentsWatch } from '../../plugin/inspector/agents-watch.ts';
import { addAgentNode, createScene } from './fixtures.ts';

describe('AgentsWatch', () => {
  let scene: Scene;
  let watch: AgentsWatch;
  /** ms */
  let now: number;
  /** how often the first agent was asked what it senses */
  let looks: number;

  beforeEach(() => {
    [now, looks] = [0, 0];
    scene = createScene();
    addAgentNode('first', { scene, sense: () => [++looks, now] });
    addAgentNode('second', { scene });
    watch = new AgentsWatch(() => now);
    watch.watch(scene);
  });

  afterEach(() => scene.getEngine().dispose());

  /** Draws a frame at a time. */
  function renderAt(ms: number): void {
    now = ms;
    scene.onAfterRenderObservable.notifyObservers(scene);
  }

  /** Whether somebody listens to frames. Babylon forgets those who left a moment later. */
  async function hasObservers(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve));
    return scene.onAfterRenderObservable.hasObservers();
  }

  const titles = () => watch.view.agents.map(({ title }) => title);

  it('looks at once, and then at frames that are 100 ms apart or more', () => {
    let told = 0;
    watch.subscribe(() => told++);
    expect([looks, told]).toEqual([1, 0]);
    for (let ms = 10; ms <= 330; ms += 10) renderAt(ms);
    expect([looks, told]).toEqual([1 + 3, 3]); // 100, 200, 300
    expect(watch.view.snapshot?.sensors[0]).toEqual({ name: 'eye', values: [4, 300] });
  });

  it('looks at nothing and listens to nothing while nobody listens', async () => {
    renderAt(1000);
    const stops = [watch.subscribe(() => {}), watch.subscribe(() => {})];
    expect(scene.onAfterRenderObservable.observers.length).toBe(1);
    for (const stop of stops) stop();
    renderAt(2000);
    expect([looks, await hasObservers()]).toEqual([1, false]);
  });

  it('shows the first agent until another is selected', () => {
    let told = 0;
    watch.subscribe(() => told++);
    expect(watch.view.selected?.title).toBe('first');
    watch.select(watch.view.agents[1].agent);
    expect([watch.view.selected?.title, told]).toEqual(['second', 1]);
  });

  it('remembers a selection that was made while nobody listened', () => {
    const agent = addAgentNode('third', { scene });
    watch.select(agent);
    expect(watch.view.selected).toBeUndefined();
    watch.subscribe(() => {});
    expect(watch.view.selected?.agent).toBe(agent);
  });

  it('turns to the agent that took the place of the selected one, else to the first', () => {
    watch.subscribe(() => {});
    const area = new TransformNode('area', scene);
    watch.select(addAgentNode('walker', { scene, parent: area }));
    area.dispose();
    const again = new TransformNode('area', scene);
    const heir = addAgentNode('walker', { scene, parent: again });
    renderAt(100);
    expect(watch.view.selected?.agent).toBe(heir);
    again.dispose();
    renderAt(200);
    expect([watch.view.selected?.title, titles()]).toEqual(['first', ['first', 'second']]);
  });

  it('shows nothing of a scene without agents, and of none', () => {
    const empty = createScene();
    watch.subscribe(() => {});
    watch.watch(empty);
    expect(watch.view).toEqual({ agents: [], selected: undefined, snapshot: undefined });
    watch.watch(null);
    watch.watch(scene);
    expect(titles()).toEqual(['first', 'second']);
    empty.getEngine().dispose();
  });

  it('is done with after dispose()', async () => {
    watch.subscribe(() => {});
    watch.dispose();
    renderAt(1000);
    expect([looks, watch.view.agents]).toEqual([1, []]);
    expect(await hasObservers()).toBe(false);
  });
});
