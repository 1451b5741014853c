import type { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, vi } from 'vitest';
import { loadAgentsPane, showAgents } from '../../plugin/inspector.ts';

vi.mock('@babylonjs/inspector', () => {
  throw new Error('Failed to resolve import');
});

describe('the entry without the optional packages', () => {
  it.each([
    ['showAgents', () => showAgents({} as Scene)],
    ['loadAgentsPane', loadAgentsPane],
  ])('%s() says what to install', async (_, open) => {
    await expect(open()).rejects.toThrow(
      '[agents] The agents pane needs the optional packages "@babylonjs/inspector" and "react", and they could not be loaded. Install them: npm install --save-dev @babylonjs/inspector react react-dom.',
    );
  });
});
