import { describe, expect, it } from 'vitest';
import type { LearnerSettings } from '../../../plugin/learn/settings.ts';
import { chunksOf, createOrder, createStepTable, STEP_STRIDE } from '../../../plugin/learn/webgpu/step-table.ts';
import { createSpec } from '../fixtures.ts';
import { createJob } from './jobs.ts';

/** 3 samples in minibatches of 2, over 2 epochs: the second minibatch is filled up with the first sample of its epoch. */
function createSmallJob(options: Partial<LearnerSettings> = {}) {
  const { context, job } = createJob(createSpec('continuous'), options);
  const samples = { ...job.samples, count: 3, advantage: Float32Array.of(1, 3, 8) };
  const orders = [Int32Array.of(0, 1, 2), Int32Array.of(2, 1, 0)];
  return { context, job: { ...job, state: { ...job.state, steps: 4 }, samples, minibatch: 2, orders } };
}

/** One field of every step; fields are in the order of the WGSL struct. */
function fieldOf(table: ArrayBuffer, field: number, type: 'Uint32' | 'Float32'): number[] {
  const view = new DataView(table);
  return Array.from({ length: table.byteLength / STEP_STRIDE }, (_, i) =>
    view[`get${type}`](i * STEP_STRIDE + 4 * field, true),
  );
}

describe('createOrder', () => {
  it('fills up the last minibatch of an epoch from its start', () => {
    expect([...createOrder(createSmallJob().job)]).toEqual([0, 1, 2, 0, 2, 1, 0, 2]);
  });
});

describe('createStepTable', () => {
  it('gives every step the start of its samples', () => {
    const { context, job } = createSmallJob();
    const table = createStepTable(context, job);
    expect(fieldOf(table, 3, 'Uint32')).toEqual([0, 2, 4, 6]); // first
    expect(fieldOf(table, 4, 'Uint32')).toEqual([0, 1, 2, 3]); // index
  });

  it('gives mean and inverse deviation of the advantages of its minibatch', () => {
    const { context, job } = createSmallJob();
    const table = createStepTable(context, job);
    expect(fieldOf(table, 9, 'Float32')).toEqual([(1 + 3) / 2, (8 + 1) / 2, (8 + 3) / 2, (1 + 8) / 2]);
    fieldOf(table, 10, 'Float32').forEach((scale, step) => {
      expect(scale).toBeCloseTo(1 / [1, 3.5, 2.5, 3.5][step], 6);
    });
  });

  it('leaves advantages alone if disabled', () => {
    const { context, job } = createSmallJob({ normalizeAdvantage: false });
    const table = createStepTable(context, job);
    expect(fieldOf(table, 9, 'Float32')).toEqual([0, 0, 0, 0]);
    expect(fieldOf(table, 10, 'Float32')).toEqual([1, 1, 1, 1]);
  });

  it('makes an adaptive rate follow the divergence from the second step on', () => {
    const adaptive = createSmallJob({ learningRateSchedule: 'adaptive' });
    expect(fieldOf(createStepTable(adaptive.context, adaptive.job), 7, 'Uint32')).toEqual([0, 1, 1, 1]);
    const constant = createSmallJob();
    expect(fieldOf(createStepTable(constant.context, constant.job), 7, 'Uint32')).toEqual([0, 0, 0, 0]);
  });

  it("corrects Adam's moments for earlier steps", () => {
    const { context, job } = createSmallJob();
    expect(fieldOf(createStepTable(context, job), 11, 'Float32')[0]).toBeCloseTo(1 - 0.9 ** 5, 6);
    expect(fieldOf(createStepTable(context, job), 12, 'Float32')[3]).toBeCloseTo(1 - 0.999 ** 8, 6);
  });
});

describe('chunksOf', () => {
  it.each([
    ['one chunk of few rows', 44, { chunkRows: 256, chunks: 1 }],
    ['chunks of 256 rows', 1024, { chunkRows: 256, chunks: 4 }],
    ['at most 16 chunks', 8193, { chunkRows: 513, chunks: 16 }],
  ])('makes %s', (_, rows, expected) => {
    expect(chunksOf(rows)).toEqual(expected);
  });
});
