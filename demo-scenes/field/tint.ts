import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Agent, DecisionClock } from '../../plugin/index.ts';
import type { AreaMesh, AreaMeshes } from './area-meshes.ts';
import { writeReturnColor } from './return-scale.ts';
import type { ReturnsTracker } from './returns.ts';

/** how much of a tinted mesh's color is its agent's return; the rest is its own */
const STRENGTH = 0.65;
/** how fast colors change: e-folds per second */
const RATE = 5;

interface Tinted {
  readonly area: AreaMesh;
  /** [areas] the agent that each copy shows, as an index in the tracker's list */
  readonly agent: readonly number[];
  /** the mesh's own color */
  own: Color3;
}

/** Colors meshes by their agents' returns, with smooth transitions. */
export class Tint {
  readonly #meshes: AreaMeshes;
  readonly #tinted: readonly Tinted[];
  readonly #returns: ReturnsTracker;
  readonly #fixed: { readonly worst: number; readonly best: number } | undefined;
  readonly #color = new Float32Array(3);

  /** @param fixed the returns at both ends of the color scale; defaults to the lowest and highest so far */
  constructor(
    meshes: AreaMeshes,
    tinted: readonly AreaMesh[],
    returns: ReturnsTracker,
    { areas }: DecisionClock,
    fixed?: { readonly worst: number; readonly best: number },
  ) {
    this.#meshes = meshes;
    this.#returns = returns;
    this.#fixed = fixed;
    this.#tinted = tinted.map((area) => ({
      area,
      own: Color3.White(),
      agent: area.nodes.map((node, i) => returns.agents.indexOf(agentOf(node, areas[i].agents))),
    }));
  }

  get range(): readonly [worst: number, best: number] {
    if (this.#fixed) return [this.#fixed.worst, this.#fixed.best];
    const { lowest, highest } = this.#returns;
    return lowest <= highest ? [lowest, highest] : [0, 0];
  }

  /** Sets the meshes' own colors, by name. */
  paint(ownColor: (name: string) => string): void {
    for (const tinted of this.#tinted) tinted.own = Color3.FromHexString(ownColor(tinted.area.name));
    this.update(Infinity);
  }

  /** Advances the transitions by `seconds`. */
  update(seconds: number): void {
    const { standing } = this.#returns;
    const worst = this.#fixed?.worst ?? this.#returns.lowest;
    const best = this.#fixed?.best ?? this.#returns.highest;
    const share = 1 - Math.exp(-RATE * seconds);
    for (const { area, agent, own } of this.#tinted) {
      for (let i = 0; i < agent.length; i++) {
        const height = best > worst ? (standing[agent[i]] - worst) / (best - worst) : 0;
        writeReturnColor(height, this.#color, 0);
        this.#approach(area.colors, 4 * i, own, share);
      }
      this.#meshes.color(area);
    }
  }

  #approach(colors: Float32Array, at: number, own: Color3, share: number): void {
    const red = this.#color[0];
    const green = this.#color[1];
    const blue = this.#color[2];
    colors[at] += (own.r + (red - own.r) * STRENGTH - colors[at]) * share;
    colors[at + 1] += (own.g + (green - own.g) * STRENGTH - colors[at + 1]) * share;
    colors[at + 2] += (own.b + (blue - own.b) * STRENGTH - colors[at + 2]) * share;
  }
}

/** The agent whose node is this one or an ancestor; otherwise the area's first. */
function agentOf(node: Node, agents: readonly Agent[]): Agent {
  for (let at: Node | null = node; at; at = at.parent) {
    const found = agents.find(({ attachedNode }) => attachedNode === at);
    if (found) return found;
  }
  return agents[0];
}
