import { InvalidSettingsError } from '@nnm/core';
import { afterEach, expect, it, vi } from 'vitest';
import { tfjsNode, tfjsWasm, tfjsWebgl, tfjsWebgpu } from './index.ts';
import { startWasm } from './runtime/start-wasm.ts';
import startInNode from './runtime-wasm.ts';
import startWebgl from './runtime-webgl.ts';
import startWebgpu from './runtime-webgpu.ts';

const settings = tfjsWasm.parseSettings({});
const place = { prefix: '/nowhere/', hasThreads: false, hint: 'Put it back.' };
afterEach(() => vi.restoreAllMocks());

it('threads are refused where WebAssembly has none', async () => {
  await expect(startInNode({ ...settings, THREADS: 4 })).rejects.toMatchObject({
    code: 'ERR_RUNTIME_UNAVAILABLE',
    message: 'The runtime of tfjs_wasm cannot be started: it has no threads here, and THREADS is 4.',
    hint: 'Set THREADS: 1, or run in a browser (DEVICE: browser) with SIMD: TRUE.',
  });
});

it('a WebAssembly file that is not there is one clear error', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.spyOn(console, 'error').mockReturnValue();
  await expect(startWasm(settings, place)).rejects.toMatchObject({
    code: 'ERR_RUNTIME_UNAVAILABLE',
    message: 'The runtime of tfjs_wasm cannot be started: its WebAssembly file could not be loaded from /nowhere/.',
    hint: 'Put it back.',
  });
});

it.each([
  ['tfjs_webgl', startWebgl],
  ['tfjs_webgpu', startWebgpu],
] as const)('%s says in Node that it runs in a browser', (backend, start) => {
  expect(() => start(undefined)).toThrow(`The runtime of ${backend} cannot be started: it runs in a browser only.`);
});

it.each([
  [tfjsWebgl, { THREADS: 2 }, 'THREADS is not a setting'],
  [tfjsWebgpu, { CLOCK: 'gpu' }, 'CLOCK must be "auto" or "wall", got "gpu"'],
  [tfjsNode, { THREADS: 0 }, 'THREADS must be an integer from 1 to 256, got 0'],
] as const)('%o names wrong settings', (backend, raw, problems) => {
  expect(() => backend.parseSettings(raw)).toThrow(InvalidSettingsError);
  expect(() => backend.parseSettings(raw)).toThrow(problems);
});

it('every browser backend names its module, WebAssembly the folder of its files', () => {
  expect(tfjsWebgl.browser?.module.pathname).toMatch(/\/src\/browser\/webgl\.ts$/);
  expect(tfjsWasm.browser?.folders?.['tfjs-wasm']?.pathname).toMatch(/\/tfjs-backend-wasm\/dist\/$/);
  expect(tfjsNode.browser).toBeUndefined();
});

it('a child process can import every module of the plugin for Node', () => {
  expect(tfjsWasm.runtime.pathname).toMatch(/\/src\/runtime-wasm\.ts$/);
  expect(tfjsNode.runtime.pathname).toMatch(/\/src\/runtime-node\.ts$/);
});
