import type { Link } from './link-bodies.ts';

/** What of a link its inertia comes from. */
export type Heavy = Pick<Link, 'mass' | 'parent' | 'toJoint' | 'toCenter'>;

/** The inertia of links that float freely, for spins of all of them. */
export class FreeInertia {
  /** [L, L] of which the part below the diagonal and the diagonal are used */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #count: number;

  /**
   * Kinetic energy about the common center of mass is ωᵀHω / 2 for spins ω [L]. The center of link i lies at Σₖ R(θₖ) cᵢₖ
   * from the common one, with cᵢₖ drawn on link k, so that
   *
   *   Hₖₗ = δₖₗ Iₖ + Σᵢ mᵢ cᵢₖ · R(θₗ − θₖ) cᵢₗ = Pₖₗ cos(θₗ − θₖ) − Qₖₗ sin(θₗ − θₖ)
   *   Pₖₗ = δₖₗ Iₖ + Σᵢ mᵢ cᵢₖ · cᵢₗ,  Qₖₗ = Σᵢ mᵢ cᵢₖ × cᵢₗ
   */
  constructor(links: readonly Heavy[]) {
    const count = links.length;
    this.#count = count;
    this.#cos = new Float64Array(count * count);
    this.#sin = new Float64Array(count * count);
    const ways = waysFromCenter(links);
    for (let k = 0; k < count; k++) {
      this.#cos[k * count + k] = links[k].mass.inertia;
      for (let l = 0; l <= k; l++) {
        links.forEach(({ mass: { mass } }, i) => {
          const [a, b] = [ways[i][k], ways[i][l]];
          this.#cos[k * count + l] += mass * (a.x * b.x + a.y * b.y);
          this.#sin[k * count + l] += mass * (a.x * b.y - a.y * b.x);
        });
      }
    }
  }

  /** Writes H [L, L], diagonal and below, for links turned by θ, of which `cosines` and `sines` [L] are. */
  write(out: Float64Array, cosines: Float64Array, sines: Float64Array): void {
    const count = this.#count;
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) {
        const cos = cosines[k] * cosines[l] + sines[k] * sines[l];
        const sin = cosines[k] * sines[l] - sines[k] * cosines[l];
        out[k * count + l] = this.#cos[k * count + l] * cos - this.#sin[k * count + l] * sin;
      }
    }
  }
}

interface Vector {
  x: number;
  y: number;
}

/** [L][L] the vectors, each drawn on link k, that lead from the common center of mass to that of link i. */
function waysFromCenter(links: readonly Heavy[]): Vector[][] {
  const ways = waysFromRoot(links);
  const total = links.reduce((sum, { mass }) => sum + mass.mass, 0);
  links.forEach((_, k) => {
    const mean = { x: 0, y: 0 };
    links.forEach(({ mass: { mass } }, i) => {
      mean.x += (mass / total) * ways[i][k].x;
      mean.y += (mass / total) * ways[i][k].y;
    });
    for (const way of ways) way[k] = { x: way[k].x - mean.x, y: way[k].y - mean.y };
  });
  return ways;
}

/** The same from the root's center of mass: along every parent to the next joint, then to the own center. */
function waysFromRoot(links: readonly Heavy[]): Vector[][] {
  const ways: Vector[][] = [];
  for (const { parent, toJoint, toCenter } of links) {
    const way: Vector[] = links.map((_, k) => (parent < 0 ? { x: 0, y: 0 } : { ...ways[parent][k] }));
    if (parent >= 0) {
      way[parent].x += toJoint.x;
      way[parent].y += toJoint.y;
      way[ways.length] = { x: toCenter.x, y: toCenter.y };
    }
    ways.push(way);
  }
  return ways;
}
