import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import torch from '@nnm/backend-torch';
import { type AnyBackend, createRegistry, GraphBuilder, placeBackend, Rng, runToEnd } from '@nnm/core';
import deviceBrowser from '@nnm/device-browser';
import { openProfilerSession, profileKernels } from '@nnm/profiler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, CHROMIUM, openChromium, SOFTWARE_GPU } from '../packages/device-browser/src/__fixtures__/debian-browsers.ts';
import { descendants } from '../packages/device-browser/src/__fixtures__/processes.ts';

const isMissing = browserMissing !== undefined;
if (isMissing) console.warn(`skipped: no browser is started: ${browserMissing}`);

const registry = createRegistry([tfjs, litert, torch]);
const kind = deviceBrowser.devices![0]!;

/** Why a backend does not start in Chromium. */
async function failureOf(backend: AnyBackend, settings: unknown): Promise<unknown> {
  const device = kind.open(kind.parseSettings({ BROWSER: CHROMIUM }), backend);
  try {
    const session = await openProfilerSession({
      backend: placeBackend(backend, device),
      settings,
      levelsFile: false,
    });
    await session.close();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await device.close();
  }
}

describe.skipIf(isMissing)('in Chromium (needs /usr/bin/chromium), one clear error', () => {
  let empty: string;
  beforeAll(async () => {
    empty = await mkdtemp(path.join(tmpdir(), 'nnm-empty-'));
  });
  afterAll(() => rm(empty, { recursive: true, force: true }));

  it.each(['tfjs_wasm', 'litert_wasm', 'ort_wasm'])('for %s whose WebAssembly is not to be had', async (id) => {
    const backend = registry.backend(id);
    const folders = Object.fromEntries(Object.keys(backend.browser?.folders ?? {}).map((name) => [name, pathToFileURL(`${empty}/`)]));
    const without = Object.create(backend, { browser: { value: { ...backend.browser, folders } } }) as AnyBackend;
    expect(await failureOf(without, backend.parseSettings({}))).toMatchObject({
      code: 'ERR_RUNTIME_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`^The runtime of ${id} cannot be started: .*/runtime/`)),
      hint: expect.stringMatching(/./),
    });
  });

  it.each(['tfjs_webgpu', 'litert_webgpu', 'ort_webgpu'])('for %s in a browser without a GPU', async (id) => {
    expect(await failureOf(registry.backend(id), registry.backend(id).parseSettings({}))).toMatchObject({
      code: 'ERR_RUNTIME_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`^The runtime of ${id} cannot be started: .*(no WebGPU|no adapter)`)),
      hint: expect.stringMatching(/chrome:\/\/gpu|Use /),
    });
  });
});

describe.skipIf(isMissing)('a GPU whose process ends (needs /usr/bin/chromium)', () => {
  it.each(['litert_webgpu', 'tfjs_webgpu', 'ort_webgpu'])('costs %s a visit, and no kernel', async (id) => {
    const backend = registry.backend(id);
    const [implement] = backend.implement;
    const device = kind.open(kind.parseSettings({ BROWSER: 'link' }), backend);
    const browser = await openChromium(SOFTWARE_GPU);
    device.onNotice((text) => {
      const link = /http:\S+/.exec(text)?.[0];
      if (link !== undefined) void browser.newPage().then((page) => page.goto(link));
    });
    const graph = (channels: number) => {
      const g = new GraphBuilder('test');
      return g.build(g.activation(g.conv2d(g.input([1, 14, 14, 8]), channels, { kernelSize: 3 }), 'relu'));
    };
    let visits = 0;
    let isCrashed = false;
    const crash = (): void => {
      isCrashed = true;
      for (const pid of descendants(/--type=gpu-process/)) process.kill(pid, 'SIGKILL');
    };
    const reasons: string[] = [];
    const { counts } = await runToEnd(
      profileKernels(
        [8, 12, 16, 20].map((channels) => ({
          id: `k${channels}`,
          hash: 'h',
          model: () => {
            if (visits > 1 && !isCrashed) crash();
            return backend.convert(graph(channels), implement);
          },
        })),
        {
          backend: placeBackend(backend, device),
          settings: backend.parseSettings({}),
          rng: new Rng(1),
          policy: { gate: 0, revisitAfterMs: 0, agreement: 1000, minSlices: 1 },
          levelsFile: false,
        },
      ),
      (event) => {
        if (event.type === 'retry') reasons.push(event.reason);
        if (event.type === 'visit') visits++;
      },
    );
    await device.close();
    await browser.close();
    expect(counts).toMatchObject({ ok: 4, failed: 0 });
    expect(reasons.join()).toMatch(/lost what it computes on: the GPU device was lost/);
  });
});
