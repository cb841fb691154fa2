import { placeBackend, Rng, runToEnd } from '@nnm/core';
import { openProfilerSession, type ProfileEvent, type ProfileJob, type ProfilerOptions, profileKernels } from '@nnm/profiler';
import { afterAll, describe, expect, it } from 'vitest';
import { browserMissing, CHROMIUM, FIREFOX, firefoxMissing } from './__fixtures__/debian-browsers.ts';
import { descendants } from './__fixtures__/processes.ts';
import { command, spinning } from './__fixtures__/spinning-backend.ts';
import { BrowserDevice } from './browser-device.ts';
import { parseBrowserSettings } from './settings.ts';

for (const missing of [browserMissing, firefoxMissing])
  if (missing !== undefined) console.warn(`skipped: a browser is not started: ${missing}`);

describe.skipIf(browserMissing !== undefined)(
  `a browser that nnm starts${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    const device = new BrowserDevice(parseBrowserSettings({ BROWSER: CHROMIUM }), spinning);
    const backend = placeBackend(spinning, device);
    afterAll(() => device.close());

    const open = (settings: object = {}) =>
      openProfilerSession({ backend, settings, referenceModel: () => command('spin 0.1'), levelsFile: false });
    const job = (id: string, text: string): ProfileJob => ({ id, hash: id, model: () => command(text) });
    const run = (
      jobs: readonly ProfileJob[],
      policy: ProfilerOptions['policy'] = {},
      onEvent: (event: ProfileEvent) => void = () => undefined,
    ) =>
      runToEnd(
        profileKernels(jobs, {
          backend,
          settings: {},
          rng: new Rng(1),
          // Whether anything is quiet here is not what is tested.
          policy: { gate: 0, revisitAfterMs: 0, agreement: 1000, minSlices: 1, kernelTimeoutMs: 60_000, ...policy },
        }),
        onEvent,
      );

    it('says what it is, runs models, and probes although its clock has steps', async () => {
      const session = await open();
      expect(session.info).toMatchObject({ runtime: 'Spinning', version: '7.0', options: { document: 'undefined', isolated: true } });
      expect(session.environment).toMatchObject({ isolation: 'browser', device: { kind: 'browser', name: 'Chromium' }, pinned: false });
      expect(session.device?.details).toMatchObject({ isolation: expect.stringContaining('cross-origin isolated') });
      expect(session.clock?.resolutionMs).toBeLessThan(0.05);
      expect(session.notes.join()).not.toContain('not gated');
      const data = Float32Array.of(1, Number.NaN, -0);
      expect(await session.execute(command('spin 0.1'), [{ shape: [1, 3], data }])).toEqual([
        { shape: [1, 3], data: Float32Array.of(2, Number.NaN, -0) },
      ]);
      expect((await session.measureNoise(0.2)).drift.probes).toBeGreaterThan(0);
      await session.close();
    });

    it('measures kernels in a worker, and makes a failed record of what fails', async () => {
      const { records, counts } = await run([job('A', 'spin 0.2'), job('B', 'wait 3'), job('C', 'throw')]);
      expect(records).toMatchObject([
        { id: 'A', status: 'ok' },
        { id: 'B', status: 'ok' },
        { id: 'C', status: 'failed', error: { code: 'ERR_RUNTIME_FAILURE', message: 'The operator is not known.' } },
      ]);
      expect(counts.workerRestarts).toBe(0);
    });

    it('ends a kernel that hangs with its worker, and goes on in the same browser', async () => {
      const before = descendants(/--type=/);
      const { records, counts } = await run([job('H', 'hang'), job('A', 'spin 0.2')], { kernelTimeoutMs: 2000 });
      expect(records).toMatchObject([
        {
          id: 'H',
          status: 'failed',
          error: { code: 'ERR_KERNEL_TIMEOUT', message: expect.stringMatching(/^The device did not finish within 2 s/) },
        },
        { id: 'A', status: 'ok' },
      ]);
      expect(counts.workerRestarts).toBe(1);
      expect(descendants(/--type=/).some((pid) => before.includes(pid))).toBe(true);
    });

    it('starts the browser again when it is killed in the middle of a visit, which costs that visit', async () => {
      let killed = false;
      const retries: string[] = [];
      const { records, counts } = await run([job('A', 'wait 150'), job('B', 'wait 151')], { minVisits: 2 }, (event) => {
        if (event.type === 'retry') retries.push(event.reason);
        if (event.type !== 'visit' || killed) return;
        killed = true; // the next visit has been asked for
        for (const pid of descendants(/chromium.* --remote-debugging/)) process.kill(pid, 'SIGKILL');
      });
      expect(retries).toEqual([expect.stringMatching(/^The device ended its browser while measuring the kernel/)]);
      expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
      expect(counts.workerRestarts).toBe(1);
    });

    it('passes on why the runtime does not start', async () => {
      await expect(open({ fail: true })).rejects.toMatchObject({
        code: 'ERR_RUNTIME_FAILURE',
        message: 'The runtime /runtime/module.js failed to start: The device has no adapter.',
      });
    });
  },
);

describe.skipIf(firefoxMissing !== undefined)(`Firefox${firefoxMissing === undefined ? '' : ` (${firefoxMissing})`}`, () => {
  it('is started as a program of its own, and leaves nothing behind', async () => {
    const device = new BrowserDevice(parseBrowserSettings({ BROWSER: FIREFOX }), spinning);
    const session = await openProfilerSession({ backend: placeBackend(spinning, device), settings: {}, levelsFile: false });
    expect(session.environment.device).toMatchObject({ kind: 'browser', name: 'Firefox' });
    expect(session.info.options).toMatchObject({ isolated: true });
    await session.close();
    await device.close();
    expect(descendants(/firefox/)).toEqual([]);
  });
});

describe('a browser that is not there', () => {
  it('is one clear error', async () => {
    const device = new BrowserDevice(parseBrowserSettings({ BROWSER: '/no/such/browser' }), spinning);
    const session = openProfilerSession({ backend: placeBackend(spinning, device), settings: {}, levelsFile: false });
    await expect(session).rejects.toMatchObject({
      code: 'ERR_DEVICE_UNAVAILABLE',
      message: 'The device "browser" cannot be used: there is no program /no/such/browser.',
      hint: expect.stringContaining('chrome, chromium, edge, firefox, the path of a browser, or link'),
    });
    await device.close();
  });
});
