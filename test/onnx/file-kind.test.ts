import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { writePolicy } from '../../plugin/policy/policy-file.ts';
import { CONTINUOUS, createActorFile } from './actors.ts';
import { createPlayer, LAYOUTS } from './fixtures.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** Barracuda's version, one input, and its three-letter name. */
const BARRACUDA = bytes('\u0010\0\0\0\0\0\0\0\u0001\0\0\0\u0003\0\0\0obs\u0002\0\0\0\u0001\0\0\0');
const NOISE = Uint8Array.from({ length: 64 }, (_, i) => (37 * i + 200) % 256);

describe('importOnnx with other kinds of files', () => {
  it.each([
    ['nothing', new Uint8Array(), 'The file', 'is empty, not an ONNX file. Copy or export it again.'],
    [
      'a Git LFS pointer',
      bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a'),
      'The file',
      'is a Git LFS pointer, not an ONNX file. Fetch the file with git lfs pull.',
    ],
    [
      'gzip',
      gzipSync(createActorFile(CONTINUOUS)),
      'The file',
      'is compressed with gzip, not an ONNX file. Unpack it first.',
    ],
    [
      'a zip archive',
      bytes('PK\u0003\u0004\0\0\0\0archive/data.pkl'),
      'The file',
      'is a zip archive, as PyTorch (.pt, .pth) and Stable-Baselines3 (.zip) save policies, not an ONNX file. Write an .onnx file with torch.onnx.export() in Python.',
    ],
    [
      'a pickle',
      bytes('\u0080\u0002}q\0'),
      'The file',
      'is a Python pickle, as PyTorch (.pt, .pth) saves policies, not',
    ],
    ['HDF5', bytes('\u0089HDF\r\n'), 'The file', 'is an HDF5 file, as Keras saves policies, not'],
    [
      'a policy file',
      writePolicy(createPlayer(LAYOUTS.mixed)),
      'The file',
      'is a safetensors file, not an ONNX file. If it is a policy, load it with loadPolicy().',
    ],
    [
      'Barracuda',
      BARRACUDA,
      'The file',
      'is a Barracuda model (.nn), not an ONNX file. Import the original .onnx file; mlagents-learn',
    ],
    ['Barracuda by its name', NOISE, 'ONNX file "a.nn"', 'is a Barracuda model (.nn), not'],
    [
      'Sentis',
      NOISE,
      'ONNX file "model.sentis"',
      'is a Sentis model (.sentis), not an ONNX file. Import the original .onnx file',
    ],
    [
      'a page',
      bytes('\n<!DOCTYPE html><html><head><title>404'),
      'The file',
      'is an HTML page, not an ONNX file. The server probably returned its 404 or login page. Check its address.',
    ],
    ['text', bytes('{"policy": true}'), 'The file', 'is a text file, not an ONNX file. Pass the .onnx file itself.'],
    ['noise', NOISE, 'The file', 'is not an ONNX file, or is damaged. Export it again.'],
  ])('recognizes %s', (_, file, who, message) => {
    expect(() => importOnnx(file, { who })).toThrow(`[agents] ${who} ${message}`);
  });

  it('ignores the name of a valid ONNX file', () => {
    expect(importOnnx(createActorFile(CONTINUOUS), { who: 'ONNX file "a.nn"' }).sizes.continuous).toBe(2);
  });
});
