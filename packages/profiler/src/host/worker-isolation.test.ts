import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyBackend, Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualTimers } from '../__fixtures__/manual-timers.ts';
import { profileInTime, profileKernels } from '../run/profile-kernels.ts';
import type { ProfilerOptions } from '../run/profiler-options.ts';
import { openProfilerSession } from '../run/session.ts';
import type { ProfileEvent, ProfileJob } from '../types.ts';

const backend = {
  id: 'misbehaving',
  description: 'Fixture',
  implement: ['tensorflow'],
  modelExtension: '.txt',
  settingsTemplate: '',
  parseSettings: () => ({}),
  convert: () => new Uint8Array(),
  runtime: new URL('../__fixtures__/misbehaving-runtime.ts', import.meta.url),
} as unknown as AnyBackend;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const job = (command: string): ProfileJob => ({ id: command, hash: 'h', model: () => bytes(command) });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-profiler-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Wait until a file has that many bytes: what happens in another process is an event of the file system. */
async function fileSize(file: string, bytes: number): Promise<void> {
  while (!existsSync(file) || statSync(file).size < bytes) await new Promise((resolve) => setTimeout(resolve, 10));
}

function options(more: Partial<ProfilerOptions> = {}): ProfilerOptions {
  return {
    backend,
    settings: {},
    referenceModel: () => bytes('spin 0.05'),
    rng: new Rng(1),
    levelsFile: join(folder, 'levels.json'),
    // The tests assert what happens, never how fast: a wide gate lets every run pass on a busy machine.
    policy: { quietTolerance: 1e6, slowdownPower: 0, agreement: 1e6, kernelTimeoutMs: 600_000, maxWaitMs: 0 },
    ...more,
  };
}

describe('a profiling run in a child process', () => {
  it('measures kernels and keeps the process', async () => {
    const summary = await runToEnd(profileKernels(['spin 0.1', 'spin 1', 'spin 5'].map(job), options()));
    expect(summary.records.map((record) => [record.id, record.status])).toEqual([
      ['spin 0.1', 'ok'],
      ['spin 1', 'ok'],
      ['spin 5', 'ok'],
    ]);
    expect(summary.counts).toMatchObject({ ok: 3, failed: 0, workerRestarts: 0 });
    expect(summary.isolation.kind).toBe('process');
    for (const [index, ms] of [0.1, 1, 5].entries()) {
      const record = summary.records[index]!;
      expect(record.status === 'ok' && record.stats.minMs).toBeGreaterThanOrEqual(ms);
    }
  });

  it('replaces a worker that dies while it runs the reference', async () => {
    // The first worker dies as soon as it runs the reference; the next one finds the marker and lives.
    const once = `die-once ${join(folder, 'died')}`;
    const summary = await runToEnd(profileKernels([job('spin 0.1')], options({ referenceModel: () => bytes(once) })));
    expect(summary.counts).toMatchObject({ ok: 1, failed: 0, workerRestarts: 1 });
  });

  it('turns every kind of crash into one failed record with its reason, and goes on', async () => {
    const events: ProfileEvent[] = [];
    const commands = ['abort', 'segfault', 'kill', 'exit', 'throw', 'refuse', 'spin 0.1'];
    const summary = await runToEnd(profileKernels(commands.map(job), options()), (event) => events.push(event));
    const byId = new Map(summary.records.map((record) => [record.id, record]));
    const errorOf = (id: string) => {
      const record = byId.get(id);
      return record?.status === 'failed' ? record.error : undefined;
    };
    expect(errorOf('abort')).toMatchObject({ code: 'ERR_KERNEL_CRASHED' });
    expect(errorOf('exit')).toMatchObject({ code: 'ERR_KERNEL_CRASHED', message: expect.stringContaining('exit code 3') });
    expect(errorOf('throw')).toEqual({ code: 'ERR_RUNTIME_FAILURE', message: 'Tensor 3 is not allocated.' });
    expect(errorOf('refuse')).toEqual({ code: 'ERR_RUNTIME_FAILURE', message: 'This model has no known operator.' });
    if (process.platform !== 'win32') {
      expect(errorOf('abort')!.message).toContain('SIGABRT');
      expect(errorOf('segfault')).toMatchObject({ code: 'ERR_KERNEL_CRASHED', message: expect.stringContaining('SIGSEGV') });
      expect(errorOf('kill')).toMatchObject({ code: 'ERR_KERNEL_KILLED', message: expect.stringContaining('memory ran out') });
    }
    expect(byId.get('spin 0.1')?.status).toBe('ok');
    // A crash is tried once more, because somebody may have killed the process; an error is not.
    expect(
      events
        .filter((event) => event.type === 'retry')
        .map((event) => event.id)
        .sort(),
    ).toEqual(['abort', 'exit', 'kill', 'segfault']);
  });

  it('visits one kernel at a time even when a run leaves the process idle', async () => {
    const summary = await runToEnd(profileKernels(['later 1', 'later 2', 'later 3'].map(job), options()));
    expect(summary.counts).toMatchObject({ ok: 3, failed: 0, workerRestarts: 0 });
  });

  it('makes no kernel pay for the restart of a worker that has grown', async () => {
    const commands = ['hoard 0.1', 'hoard 0.2', 'hoard 0.3', 'hoard 0.4'];
    const events: ProfileEvent[] = [];
    const policy = { ...options().policy, workerGrowthBytes: 1 };
    const summary = await runToEnd(profileKernels(commands.map(job), options({ policy })), (event) => events.push(event));
    expect(summary.counts).toMatchObject({ ok: 4, failed: 0 });
    expect(summary.counts.workerRestarts).toBeGreaterThan(0);
    expect(events.some((event) => event.type === 'retry')).toBe(false);
  });

  it('comes to an end when the worker dies again and again without a kernel', async () => {
    const run = runToEnd(profileKernels([job('spin 1')], options({ settings: { dieIdle: true }, referenceModel: undefined })));
    // Either no worker lives long enough to be asked, or the kernel is taken for the culprit.
    const code = await run.then(
      ({ records: [record] }) => (record?.status === 'failed' ? record.error.code : 'ok'),
      (error: { code: string }) => error.code,
    );
    expect(['ERR_KERNEL_CRASHED', 'ERR_KERNEL_KILLED', 'ERR_RUNTIME_DEATH']).toContain(code);
  });

  it('ends at once when it is given up, whatever the worker does meanwhile', async () => {
    // With this seed the kernel that never ends is the second one to be visited, and is asked for already.
    const run = profileKernels(['spin 0.1', 'hang'].map(job), options({ rng: new Rng(2) }));
    for await (const event of run) if (event.type === 'visit') break;
    expect((await run.next()).done).toBe(true);
  });

  it('stops a kernel that never ends, once', async () => {
    const hang = `hang ${join(folder, 'begun')}`;
    const timers = new ManualTimers();
    const events: ProfileEvent[] = [];
    const run = runToEnd(profileInTime([job(hang), job('spin 0.1')], options(), timers), (event) => events.push(event));
    await fileSize(join(folder, 'begun'), 1);
    timers.pass(600_000);
    const summary = await run;
    expect(summary.records[0]).toMatchObject({
      error: { code: 'ERR_KERNEL_TIMEOUT', message: expect.stringContaining('did not finish within 600 s') },
    });
    expect(summary.records[1]?.status).toBe('ok');
    expect(events.some((event) => event.type === 'retry')).toBe(false);
  });

  it('stops after two time limits when every kernel hangs', async () => {
    const begun = join(folder, 'begun');
    const timers = new ManualTimers();
    const hanging = Array.from({ length: 10 }, (_, index) => ({ ...job(`hang ${begun}`), id: `k${index}` }));
    const run = runToEnd(profileInTime(hanging, options(), timers));
    const ended = expect(run).rejects.toMatchObject({ code: 'ERR_KERNELS_FAIL_ALIKE', hang: true });
    for (const kernel of [1, 2]) {
      await fileSize(begun, kernel);
      timers.pass(600_000);
    }
    await ended;
    expect(statSync(begun).size).toBe(2);
  });

  it('ends a kernel that never ends with the budget, and does not call it failed', async () => {
    const hang = `hang ${join(folder, 'begun')}`;
    const timers = new ManualTimers();
    const retries: string[] = [];
    const run = runToEnd(profileInTime([job(hang)], options({ budgetMs: 5000 }), timers), (event) => {
      if (event.type === 'retry') retries.push(event.reason);
    });
    await fileSize(join(folder, 'begun'), 1);
    timers.pass(7000);
    expect(await run).toMatchObject({ records: [], unmeasured: [hang], counts: { failed: 0 } });
    expect(retries).toEqual(['The time budget ended while it was being measured']);
  });

  it('ends a start that never ends with the budget, and with the signal', async () => {
    for (const how of ['budget', 'signal']) {
      const starts = join(folder, how);
      const timers = new ManualTimers();
      const controller = new AbortController();
      const more = { settings: { starts, endlessStarts: [1] }, budgetMs: 5000, signal: controller.signal };
      const run = runToEnd(profileInTime([job('spin 0.1')], options(more), timers));
      const code = how === 'budget' ? 'ERR_RUNTIME_START_TIMEOUT' : 'ERR_ABORTED';
      const ended = expect(run).rejects.toMatchObject({ code });
      await fileSize(starts, 1);
      if (how === 'budget') timers.pass(15_000);
      else controller.abort();
      await ended;
    }
  });

  it('survives deaths in quick succession, also while the process starts again', async () => {
    const settings = { starts: join(folder, 'starts'), deadStarts: [1, 3, 4, 6] };
    const summary = await runToEnd(profileKernels(['kill', 'spin 0.1', 'spin 0.2'].map(job), options({ settings })));
    expect(summary.counts).toMatchObject({ ok: 2, failed: 1 });
    expect(statSync(settings.starts).size).toBeGreaterThan(5);
  });

  it('says so when the process does not survive any start', async () => {
    const settings = { starts: join(folder, 'starts'), deadStarts: Array.from({ length: 50 }, (_, index) => index + 2) };
    const run = runToEnd(profileKernels(['kill', 'spin 0.1', 'spin 0.2'].map(job), options({ settings })));
    await expect(run).rejects.toMatchObject({ code: 'ERR_RUNTIME_DEATH', hint: expect.stringContaining('What was measured is kept') });
  });

  it('ends with the runtime’s own words when it cannot start', async () => {
    const run = runToEnd(profileKernels([job('spin 1')], options({ settings: { fail: true } })));
    await expect(run).rejects.toThrow('The library libmissing.so cannot be found.');
  });

  it('stops at once when aborted, even inside a run that never ends', async () => {
    const controller = new AbortController();
    const run = runToEnd(profileKernels([job(`hang ${join(folder, 'begun')}`)], options({ signal: controller.signal })));
    const ended = expect(run).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    await fileSize(join(folder, 'begun'), 1);
    controller.abort();
    await ended;
  });
});

describe('a profiler session', () => {
  it('says what it found, executes a model and measures noise', async () => {
    const { rng: _rng, ...session } = options();
    const opened = await openProfilerSession(session);
    expect(opened.info).toEqual({ runtime: 'Misbehaving', version: '1.0.0', threads: 1, layout: 'nchwc8', options: { mode: 'test' } });
    expect(opened.environment.runtime).toEqual(opened.info);
    const input = { shape: [1, 2], data: new Float32Array([1, 2]) };
    expect(await opened.execute(bytes('spin 0'), [input])).toEqual([input]);
    const noise = await opened.measureNoise(0.3);
    expect(noise.drift.probes).toBeGreaterThan(0);
    await opened.close();
  });
});
