import { describe, expect, it } from 'vitest';
import { requireDevice } from '../../../plugin/learn/webgpu/device.ts';
import { wgslFloat } from '../../../plugin/learn/webgpu/program.ts';
import { useBackend } from '../backends.ts';

/** Possible settings: huge and tiny, with and without a fraction, beyond float32 at both ends. */
const VALUES = [
  ...[0, -0, 1, -1, 10, 0.5, 0.2, 1 / 3, 1e-5, 1 - 0.999, 123456789],
  ...[1e9, 2 ** 31, 2 ** 53, 2 ** 63, 1e19, 1e20, 1e21, 1e25, -1e20, 3.4e38, 3.4028234663852886e38],
  ...[1e39, 1e300, Number.MAX_VALUE, Infinity, -Infinity],
  ...[1e-7, 1e-20, 1e-30, 2 ** -126, 1e-38, 1e-40, 1e-46, 1e-300, Number.MIN_VALUE, -1e-40],
];

const GREATEST = 3.4028234663852886e38;
const SMALLEST = 2 ** -126;

/** The float32 that a literal should produce. */
function expected(value: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * Math.fround(Math.min(GREATEST, Math.max(SMALLEST, Math.abs(value))));
}

describe('wgslFloat', () => {
  it.each([
    [0.2, 'f32(0.20000000298023224)'],
    [1, 'f32(1.0)'],
    [-100, 'f32(-100.0)'],
    [1e20, 'f32(100000002004087730000.0)'], // plain digits would be an integer that is too large
    [1e-30, 'f32(1.0000000031710769e-30)'],
  ])('writes %s as a float literal', (value, literal) => {
    expect(wgslFloat(value)).toBe(literal);
  });

  it('rejects NaN', () => {
    expect(() => wgslFloat(Number.NaN)).toThrow('WGSL has no NaN');
  });
});

describe('on webgpu', () => {
  useBackend('webgpu');

  it('compiles every number, which arrives as its nearest float32', async () => {
    const device = requireDevice();
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = 4 * VALUES.length;
    const out = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
    const host = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    const code = `
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(1) fn main() { ${VALUES.map((value, i) => `out[${i}] = ${wgslFloat(value)};`).join(' ')} }`;
    const module = device.createShaderModule({ code });
    expect((await module.getCompilationInfo()).messages.map(({ message }) => message)).toEqual([]);
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const entries = [{ binding: 0, resource: { buffer: out } }];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(out, 0, host, 0, size);
    device.queue.submit([encoder.finish()]);
    await host.mapAsync(GPUMapMode.READ);
    expect([...new Float32Array(host.getMappedRange())]).toEqual(VALUES.map(expected));
    for (const buffer of [out, host]) buffer.destroy();
  });
});
