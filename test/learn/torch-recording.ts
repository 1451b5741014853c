import { readFileSync } from 'node:fs';
import type { LearnerSettings, ObjectiveName } from '../../plugin/learn/settings.ts';

/** Updates made by PyTorch: see test/fixtures/torch/record.py. */
export interface TorchRecording {
  /** S of every case */
  readonly samples: number;
  /** B */
  readonly minibatch: number;
  readonly hidden: readonly number[];
  readonly settings: Partial<LearnerSettings> & Pick<LearnerSettings, 'maxGradientNorm'>;
  readonly cases: readonly TorchCase[];
}

/** A network, its samples, and the result of training. */
export interface TorchCase {
  readonly observation: number;
  readonly continuous: number;
  readonly branches: readonly number[];
  readonly critic: 'shared' | 'separate';
  /** [P − trainable] at the start, base64 of little-endian float32 like all that follows */
  readonly weights: string;
  /** the columns of Samples, by their names */
  readonly samples: Readonly<Record<string, string>>;
  /** [epochs][S] */
  readonly orders: readonly (readonly number[])[];
  /** the share of the first minibatch whose ratio is outside the clip */
  readonly clipFraction: number;
  readonly updates: readonly TorchUpdate[];
}

export interface TorchUpdate {
  readonly objective: ObjectiveName;
  readonly klCoefficient: number;
  /** [P − trainable] for the first minibatch, before clipping by the norm */
  readonly gradient: string;
  /** [P − trainable] after all gradient steps */
  readonly weights: string;
}

/** Reads the recording. */
export function readTorchRecording(): TorchRecording {
  return JSON.parse(readFileSync('test/fixtures/torch/update.json', 'utf8'));
}

/** The floats of a column. */
export function decodeFloats(column: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(column, 'base64')).buffer);
}
