import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { provideSoftwareGpu } from '../../bench/software-gpu.ts';
import { openBackend } from '../../plugin/learn/backend.ts';
import { nameAdapter } from '../../plugin/learn/gpu.ts';

describe('openBackend', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('opens plain JavaScript', async () => {
    expect(await openBackend('cpu')).toMatchObject({ name: 'cpu', reason: 'requested' });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('opens WebAssembly', async () => {
    expect(await openBackend('wasm')).toMatchObject({ name: 'wasm', reason: 'requested' });
  });

  it('reports immediately that there is no adapter, and what to install', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
    await expect(openBackend('webgpu')).rejects.toThrow(
      /^\[agents\] Backend "webgpu" found no GPU adapter\. Run "npm install webgpu"/,
    );
  });

  it('chooses WebAssembly if there is no adapter, and says why', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
    const backend = await openBackend('auto');
    expect(backend.name).toBe('wasm');
    expect(backend.reason).toMatch(/^Backend "webgpu" found no GPU adapter/);
  });

  it.each([
    ['that declares it', { isFallbackAdapter: true, architecture: 'new' }],
    ['by its name', { architecture: 'swiftshader' }],
    ['by its description', { description: 'llvmpipe (LLVM 15)' }],
  ])('skips a software GPU %s', async (_, info) => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({ info }) } });
    const backend = await openBackend('auto');
    expect(backend.name).toBe('wasm');
    expect(backend.reason).toMatch('the GPU is emulated in software');
  });

  it('opens a software GPU on request', async () => {
    provideSoftwareGpu();
    const { name, reason } = await openBackend('webgpu');
    expect(name).toBe('webgpu');
    expect(reason).not.toBe('');
    expect(tf.getBackend()).toBe('webgpu');
  });
});

describe('nameAdapter', () => {
  const named = (info: Partial<GPUAdapterInfo>) => nameAdapter({ info } as GPUAdapter);

  it('gives vendor, architecture and description', () => {
    expect(named({ vendor: 'nvidia', architecture: 'ampere', description: '' })).toBe('nvidia ampere');
  });

  it('says whether driver or browser identifies nothing', () => {
    const silent = { vendor: '', architecture: '', device: '', description: '' }; // as in Firefox
    expect(named(silent)).toBe('a GPU that the driver does not identify');
    vi.stubGlobal('process', undefined);
    const inPage = named(silent);
    vi.unstubAllGlobals();
    expect(inPage).toBe('a GPU that the browser does not identify');
  });
});

describe('openBackend in a bundle for Node', () => {
  let folder = '';
  const run = async (call: string, environment: Record<string, string> = {}, before = '') => {
    const script = `${before} require(${JSON.stringify(join(folder, 'backend.cjs'))}).openBackend(${call}).then((backend) => console.log(backend.name), (error) => console.log(error.message))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
    return stdout.trim();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(process.cwd(), 'node_modules/.learn-test-')); // the package webgpu is found there
    await build({
      entryPoints: ['plugin/learn/backend.ts'],
      outfile: join(folder, 'backend.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('fails immediately if Vulkan has no driver', async () => {
    const message = await run(`'webgpu'`, { VK_DRIVER_FILES: '/nowhere.json' });
    expect(message).toMatch(/^\[agents\] Backend "webgpu" found no GPU adapter\. Run "npm install webgpu"/);
  });

  it('opens WebAssembly, and under auto falls back to plain JavaScript if there is none', async () => {
    expect(await run(`'wasm'`)).toBe('wasm');
    const withoutWasm = 'delete globalThis.WebAssembly;';
    expect(await run(`'wasm'`, {}, withoutWasm)).toMatch(/^\[agents\] The CPU learner needs WebAssembly with SIMD/);
    expect(await run(`'auto'`, { VK_DRIVER_FILES: '/nowhere.json' }, withoutWasm)).toBe('cpu');
  });
});
