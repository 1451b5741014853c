/** A place in the plane that an articulation moves in [m]: x ahead, y up. */
export type Place = readonly [x: number, y: number];

/** A rod with round ends, from one place to another. */
export interface Capsule {
  readonly from: Place;
  readonly to: Place;
  /** m */
  readonly radius: number;
}

/** How a link hangs on another one; angles count from the drawn pose, in the articulation's sense. */
export interface JointSpec {
  /** the other link's name */
  readonly on: string;
  /** what both turn around */
  readonly at: Place;
  /** rad; without it the joint turns freely */
  readonly range?: readonly [low: number, high: number];
  /** N·m of an action of 1 */
  readonly gear?: number;
  /** kg·m² that resist every change of the joint's speed, as a rotor behind a gearbox does */
  readonly armature?: number;
  /** N·m·s/rad */
  readonly damping?: number;
  /** N·m/rad of a spring toward the drawn pose */
  readonly stiffness?: number;
}

/** A rigid part of an articulation, drawn in the pose where all joints are at 0. */
export interface LinkSpec {
  readonly name: string;
  /** none: the root, which comes first */
  readonly joint?: JointSpec;
  readonly capsules: readonly Capsule[];
  readonly friction?: number;
  /** kg·m² that its body has on top of what its capsules make */
  readonly rotor?: number;
}

/** What has to be known of a rigid part that moves in a plane. */
export interface PlanarMass {
  /** kg */
  readonly mass: number;
  readonly center: Place;
  /** kg·m² about the axis through the center, across the plane */
  readonly inertia: number;
}

/** A capsule as MuJoCo's files put it: its middle, its angle from upright [rad], positive ahead, and half of its length [m]. */
export function tiltedCapsule([x, y]: Place, angle: number, half: number, radius: number): Capsule {
  const [dx, dy] = [half * Math.sin(angle), half * Math.cos(angle)];
  return { from: [x - dx, y - dy], to: [x + dx, y + dy], radius };
}

/** Mass, center and inertia of capsules of one density [kg/m³] in one piece. */
export function massOf(capsules: readonly Capsule[], density: number): PlanarMass {
  const parts = capsules.map((capsule) => capsuleMass(capsule, density));
  const mass = parts.reduce((sum, part) => sum + part.mass, 0);
  const mean = (axis: 0 | 1) => parts.reduce((sum, part) => sum + part.mass * part.center[axis], 0) / mass;
  const center: Place = [mean(0), mean(1)];
  const inertia = parts.reduce((sum, part) => sum + part.inertia + part.mass * distance(part.center, center) ** 2, 0);
  return { mass, center, inertia };
}

/**
 * A cylinder of length L and two half spheres of radius r at its ends, of the masses c and s:
 *
 *   I = c (L²/12 + r²/4) + s (2r²/5 + 3Lr/8 + L²/4)
 */
function capsuleMass({ from, to, radius }: Capsule, density: number): PlanarMass {
  const length = distance(from, to);
  const cylinder = density * Math.PI * radius ** 2 * length;
  const spheres = density * (4 / 3) * Math.PI * radius ** 3;
  return {
    mass: cylinder + spheres,
    center: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2],
    inertia:
      cylinder * (length ** 2 / 12 + radius ** 2 / 4) +
      spheres * ((2 * radius ** 2) / 5 + (3 * length * radius) / 8 + length ** 2 / 4),
  };
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
