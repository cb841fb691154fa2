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

type Browser = Awaited<ReturnType<typeof openChromium>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

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

/** A page whose workers remember their WebGL contexts, so that a test can take these away. */
async function openWatched(browser: Browser, link: string): Promise<Page> {
  const page = await browser.newPage();
  await page.route('**/host.js', async (route) => {
    const response = await route.fetch();
    const watch = `
      const { getContext } = OffscreenCanvas.prototype;
      self.contexts = [];
      OffscreenCanvas.prototype.getContext = function (...given) {
        const context = getContext.apply(this, given);
        if (context instanceof WebGL2RenderingContext) self.contexts.push(context);
        return context;
      };`;
    await route.fulfill({ response, body: `${watch}\n${await response.text()}` });
  });
  await page.goto(link);
  return page;
}

async function loseContexts(page: Page): Promise<void> {
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      for (const context of (globalThis as unknown as { contexts: WebGL2RenderingContext[] }).contexts) {
        if (!context.isContextLost()) context.getExtension('WEBGL_lose_context')!.loseContext();
      }
    });
  }
}

const killGpu = async (): Promise<void> => {
  for (const pid of descendants(/--type=gpu-process/)) process.kill(pid, 'SIGKILL');
};

describe.skipIf(isMissing)('a GPU that is lost (needs /usr/bin/chromium)', () => {
  it.each([
    ['litert_webgpu', 'whose process ends', killGpu, 'the GPU device was lost'],
    ['tfjs_webgpu', 'whose process ends', killGpu, 'the GPU device was lost'],
    ['ort_webgpu', 'whose process ends', killGpu, 'the GPU device was lost'],
    ['tfjs_webgl', 'whose process ends', killGpu, 'its WebGL context was lost'],
    ['tfjs_webgl', 'that takes its context away', loseContexts, 'its WebGL context was lost'],
  ] as const)('costs %s, %s, a visit and no kernel', async (id, _, lose, reason) => {
    const backend = registry.backend(id);
    const [implement] = backend.implement;
    const device = kind.open(kind.parseSettings({ BROWSER: 'link' }), backend);
    const browser = await openChromium(SOFTWARE_GPU);
    let page: Promise<Page> | undefined;
    device.onNotice((text) => {
      const link = /http:\S+/.exec(text)?.[0];
      if (link !== undefined) page = openWatched(browser, link);
    });
    const graph = (channels: number) => {
      const g = new GraphBuilder('test');
      return g.build(g.activation(g.conv2d(g.input([1, 14, 14, 8]), channels, { kernelSize: 3 }), 'relu'));
    };
    let visits = 0;
    let isLost = false;
    const reasons: string[] = [];
    const { counts } = await runToEnd(
      profileKernels(
        [8, 12, 16, 20].map((channels) => ({
          id: `k${channels}`,
          hash: 'h',
          model: async () => {
            if (visits > 1 && !isLost) {
              isLost = true;
              await lose((await page) as Page);
            }
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
    expect(reasons.join()).toContain(`lost what it computes on: ${reason}`);
  });
});
