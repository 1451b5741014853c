import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentAround, agentOn, listAgents } from '../../plugin/inspector/agent-list.ts';
import { addAgentNode, createScene } from './fixtures.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});
afterEach(() => scene.getEngine().dispose());

describe('listAgents', () => {
  it('puts agents of one policy together, in the order in which their nodes were made', () => {
    const area = new TransformNode('area-0', scene);
    const hip = new TransformNode('hip', scene);
    hip.parent = area;
    addAgentNode('walker', { scene, policy: 'walk', parent: hip });
    addAgentNode('bird', { scene, policy: 'fly' });
    addAgentNode('runner', { scene, policy: 'walk', parent: area });
    expect(listAgents(scene).map(({ agent, title }) => [agent.policy, title])).toEqual([
      ['walk', 'area-0 / walker'],
      ['walk', 'area-0 / runner'],
      ['fly', 'bird'],
    ]);
  });

  it('finds agents on meshes, before nodes that were made later', () => {
    const box = CreateBox('box', {}, scene);
    const { attachedNode } = addAgentNode('node', { scene });
    const agent = addAgentNode('first', { scene });
    agent.attachedNode?.removeBehavior(agent);
    box.addBehavior(agent, true);
    expect(listAgents(scene).map(({ node }) => node)).toEqual([box, attachedNode]);
  });

  it('forgets agents whose nodes are disposed or that were taken off', () => {
    const [gone, off] = [addAgentNode('gone', { scene }), addAgentNode('off', { scene })];
    gone.attachedNode?.dispose();
    off.attachedNode?.removeBehavior(off);
    expect(listAgents(scene)).toEqual([]);
  });
});

describe('agentOn and agentAround', () => {
  it('take whatever is selected: the node of an agent, a node below, another, or no node at all', () => {
    const agent = addAgentNode('body', { scene });
    const foot = new TransformNode('foot', scene);
    foot.parent = agent.attachedNode;
    const stone = new TransformNode('stone', scene);
    const things = [agent.attachedNode, foot, stone, scene, null, 'body'];
    expect(things.map(agentOn)).toEqual([agent, undefined, undefined, undefined, undefined, undefined]);
    expect(things.map(agentAround)).toEqual([agent, agent, undefined, undefined, undefined, undefined]);
  });
});
