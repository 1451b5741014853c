import type { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, vi } from 'vitest';
import { requireServices } from '../../plugin/inspector/show-agents.ts';
import { loadAgentsPane, showAgents } from '../../plugin/inspector.ts';

vi.mock('@babylonjs/inspector', () => {
  throw new Error('Failed to resolve import');
});

describe('the entry without the optional packages', () => {
  it.each([
    ['showAgents', () => showAgents({ incrementRenderId() {} } as unknown as Scene)],
    ['loadAgentsPane', loadAgentsPane],
  ])('%s() says what to install', async (_, open) => {
    await expect(open()).rejects.toThrow(
      '[agents] The agents pane needs the optional packages "@babylonjs/inspector" and "react", but they could not be loaded. Install them: npm install --save-dev @babylonjs/inspector react react-dom.',
    );
  });
});

describe('requireServices', () => {
  const current = { ShowInspector() {}, SceneContextIdentity: Symbol('scene'), TextPropertyLine() {} };

  it('gives the Inspector that has the services', () => {
    expect(requireServices(current)).toBe(current);
  });

  it.each([{ Inspector: {} }, { ...current, SceneContextIdentity: undefined }])('refuses an older one: %o', (older) => {
    expect(() => requireServices(older)).toThrow(
      '[agents] The agents pane needs "@babylonjs/inspector" 9.28 or newer, but an older one is installed.',
    );
  });
});
