/** A shape as triangles of its own corners, so that every face is flat: x y z of one corner after another. */
export type Triangles = readonly number[];

/** A node of a glTF file: where it stands in its parent, what it shows, and what stands in it. */
export interface GlbNode {
  readonly name: string;
  readonly translation?: readonly [number, number, number];
  /** degrees about y */
  readonly turn?: number;
  readonly scale?: readonly [number, number, number];
  /** a shape and a material, by name */
  readonly mesh?: readonly [string, string];
  readonly children?: readonly GlbNode[];
}

/** Base color and emission as #rrggbb. */
export interface GlbMaterial {
  readonly color: string;
  readonly glow?: string;
  readonly roughness?: number;
}

export interface GlbScene {
  readonly shapes: Readonly<Record<string, Triangles>>;
  readonly materials: Readonly<Record<string, GlbMaterial>>;
  readonly root: GlbNode;
}

/** Writes a scene as binary glTF 2.0 (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html): shapes are stored once, however many nodes show them. */
export function writeGlb({ shapes, materials, root }: GlbScene): Uint8Array {
  const data: Float32Array[] = [];
  const accessors: object[] = [];
  const bufferViews: object[] = [];
  const attributes: Record<string, object> = {};
  let at = 0;
  const store = (values: readonly number[], bounds: object): number => {
    const floats = Float32Array.from(values);
    bufferViews.push({ buffer: 0, byteOffset: at, byteLength: floats.byteLength });
    accessors.push({
      bufferView: accessors.length,
      componentType: 5126,
      type: 'VEC3',
      count: values.length / 3,
      ...bounds,
    });
    data.push(floats);
    at += floats.byteLength;
    return accessors.length - 1;
  };
  for (const [name, corners] of Object.entries(shapes))
    attributes[name] = { POSITION: store(corners, boundsOf(corners)), NORMAL: store(normalsOf(corners), {}) };
  const materialNames = Object.keys(materials);
  const meshes: { readonly key: string }[] = [];
  const nodes: object[] = [];
  const meshOf = ([shape, material]: readonly [string, string]): number => {
    const key = `${shape} of ${material}`;
    const known = meshes.findIndex((mesh) => mesh.key === key);
    if (known >= 0) return known;
    const primitive = { attributes: attributes[shape], material: materialNames.indexOf(material) };
    return meshes.push({ key, name: key, primitives: [primitive] } as { key: string }) - 1;
  };
  const add = ({ name, translation, turn = 0, scale, mesh, children = [] }: GlbNode): number => {
    const node: Record<string, unknown> = { name };
    const index = nodes.push(node) - 1;
    if (translation) node.translation = translation;
    if (turn !== 0) node.rotation = [0, Math.sin((turn * Math.PI) / 360), 0, Math.cos((turn * Math.PI) / 360)];
    if (scale) node.scale = scale;
    if (mesh) node.mesh = meshOf(mesh);
    if (children.length > 0) node.children = children.map(add);
    return index;
  };
  add(root);
  return pack(
    {
      asset: { version: '2.0', generator: 'babylon-agents scripts/glb-writer.ts' },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes,
      meshes: meshes.map(({ key, ...mesh }) => mesh),
      materials: Object.entries(materials).map(([name, material]) => describeMaterial(name, material)),
      accessors,
      bufferViews,
      buffers: [{ byteLength: at }],
    },
    Buffer.concat(data.map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer))),
  );
}

/** The header and two chunks of a .glb, each filled up to a multiple of 4 bytes. */
function pack(json: object, binary: Buffer): Uint8Array {
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const length = 12 + 8 + padded.length + 8 + binary.length;
  return Buffer.concat([
    words(0x46546c67, 2, length),
    words(padded.length, 0x4e4f534a),
    padded,
    words(binary.length, 0x004e4942),
    binary,
  ]);
}

function describeMaterial(name: string, { color, glow, roughness = 0.8 }: GlbMaterial): object {
  return {
    name,
    pbrMetallicRoughness: { baseColorFactor: [...linear(color), 1], metallicFactor: 0, roughnessFactor: roughness },
    ...(glow && { emissiveFactor: linear(glow) }),
  };
}

/** #rrggbb in linear light, as glTF has its colors. */
function linear(color: string): number[] {
  return [1, 3, 5].map((i) => (Number.parseInt(color.slice(i, i + 2), 16) / 255) ** 2.2);
}

function boundsOf(corners: Triangles): { readonly min: number[]; readonly max: number[] } {
  const axes = [0, 1, 2].map((axis) => corners.filter((_, i) => i % 3 === axis).map(Math.fround));
  return { min: axes.map((values) => Math.min(...values)), max: axes.map((values) => Math.max(...values)) };
}

/** One normal per corner: that of its triangle, whose corners run counter-clockwise as seen from outside. */
function normalsOf(corners: Triangles): number[] {
  const normals: number[] = [];
  for (let i = 0; i < corners.length; i += 9) {
    const [ax, ay, az, bx, by, bz, cx, cy, cz] = corners.slice(i, i + 9);
    const [ux, uy, uz, vx, vy, vz] = [bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.hypot(x, y, z);
    for (let corner = 0; corner < 3; corner++) normals.push(x / length, y / length, z / length);
  }
  return normals;
}

/** A frustum of `sides` sides around y from −½ to ½; radius 0 above makes a cone. Four sides of radius √½ are a cube. */
export function prism(sides: number, below: number, above: number, phase = 0): number[] {
  const corner = (i: number, radius: number, y: number) => {
    const angle = phase + (i / sides) * 2 * Math.PI;
    return [radius * Math.sin(angle), y, radius * Math.cos(angle)];
  };
  const triangles: number[] = [];
  for (let i = 0; i < sides; i++) {
    const [a, b, c, d] = [
      corner(i, below, -0.5),
      corner(i + 1, below, -0.5),
      corner(i + 1, above, 0.5),
      corner(i, above, 0.5),
    ];
    triangles.push(...a, ...b, ...c);
    if (above > 0) triangles.push(...a, ...c, ...d, ...d, ...c, 0, 0.5, 0);
    triangles.push(...b, ...a, 0, -0.5, 0);
  }
  return triangles;
}

/** A ring around y: `sides` pieces of a tube with `tubes` sides. */
export function ring(sides: number, tubes: number, radius: number, thickness: number): number[] {
  const corner = (i: number, j: number) => {
    const [around, about] = [(i / sides) * 2 * Math.PI, (j / tubes) * 2 * Math.PI];
    const out = radius + thickness * Math.cos(about);
    return [out * Math.sin(around), thickness * Math.sin(about), out * Math.cos(around)];
  };
  const triangles: number[] = [];
  for (let i = 0; i < sides; i++)
    for (let j = 0; j < tubes; j++) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      triangles.push(...a, ...b, ...c, ...a, ...c, ...d);
    }
  return triangles;
}
