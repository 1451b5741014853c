// snippet: play
import { readFileSync } from 'node:fs';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { loadPolicy, playPolicy } from 'babylon-agents';
import { createScene } from '../js/scene.js';

const { scene, agents, player } = await createScene(new NullEngine());
const policy = await loadPolicy(readFileSync(process.argv[2]));
const playback = playPolicy(policy, scene, { agents });

let decisions = 0;
playback.onDecisionObservable.add(() => decisions++);
while (decisions < 100) playback.stepDecision(); // as fast as possible; a game's render loop does this for you

const distances = agents.map((agent) => Vector3.Distance(agent.attachedNode.position, player.position));
process.stdout.write(`${decisions} decisions, the nearest is ${Math.min(...distances).toFixed(1)} m away\n`);
playback.dispose();
// snippet end
