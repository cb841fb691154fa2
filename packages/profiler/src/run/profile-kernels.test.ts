import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualTimers } from '../__fixtures__/manual-timers.ts';
import { type VirtualLatency, virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileEvent, ProfileJob, ProfileSummary } from '../types.ts';
import { profileInTime, profileKernels } from './profile-kernels.ts';
import type { ProfilerOptions } from './profiler-options.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `k7` takes 7 ms, the reference 0.05 ms. */
const honest: VirtualLatency = (model) => (model === 'reference' ? 0.05 : Number(model.slice(1)));
const jobs = (count: number): ProfileJob[] =>
  Array.from({ length: count }, (_, index) => ({ id: `k${index + 1}`, hash: 'h', model: () => virtualModel(`k${index + 1}`) }));
const options = (more: Partial<ProfilerOptions> = {}): ProfilerOptions => ({
  backend: virtualBackend(honest),
  settings: {},
  referenceModel: () => virtualModel('reference'),
  rng: new Rng(5),
  ...more,
});
const latencies = (summary: ProfileSummary) =>
  Object.fromEntries(summary.records.map((record) => [record.id, record.status === 'ok' ? record.stats.latencyMs : record.error.code]));

describe('profileKernels', () => {
  it.each([false, true])('finds the exact latency of every kernel (asynchronous: %s)', async (asynchronous) => {
    const summary = await runToEnd(profileKernels(jobs(20), options({ backend: virtualBackend(honest, { asynchronous }) })));
    for (const [id, ms] of Object.entries(latencies(summary))) expect(ms).toBeCloseTo(Number(id.slice(1)), 4);
    expect(summary.records.map(({ id }) => id)).toEqual(jobs(20).map(({ id }) => id));
    expect(summary.counts).toMatchObject({ ok: 20, failed: 0, flagged: 0, contended: 0 });
    expect(summary.drift.text).toBe('0 of 20 kernels measured under contention, 0 flagged; the machine was quiet 100 % of the time.');
  });

  it.each([
    [true, 1],
    [false, 1.5],
  ])('waits until kernels are compiled where JavaScript starts their operators (%s)', async (startsOperatorsInJavaScript, expected) => {
    const runs = new Map<string, number>();
    const compiled: VirtualLatency = (model) => {
      const count = (runs.get(model) ?? 0) + 1;
      runs.set(model, count);
      return model === 'reference' ? 0.05 : count > 60 ? 1 : 1.5;
    };
    const backend = Object.assign(virtualBackend(compiled), { startsOperatorsInJavaScript });
    const summary = await runToEnd(profileKernels(jobs(3), options({ backend })));
    expect(Object.values(latencies(summary))).toEqual([expected, expected, expected]);
    expect(summary.counts).toMatchObject({ ok: 3, visits: 6 });
  });

  it('batches runs of a kernel that is shorter than the clock can tell', async () => {
    const backend = virtualBackend((model) => (model === 'reference' ? 0.05 : 0.0004));
    const summary = await runToEnd(profileKernels([{ id: 'a', hash: 'h', model: () => virtualModel('a') }], options({ backend })));
    expect(latencies(summary).a).toBeCloseTo(0.0004, 8);
    const [record] = summary.records;
    expect(record?.status === 'ok' && record.stats.runs).toBeGreaterThan(1000);
  });

  it('visits in shuffled order, every kernel twice, the second time after all others', async () => {
    const order: string[] = [];
    await runToEnd(profileKernels(jobs(10), options()), (event) => event.type === 'visit' && order.push(event.id));
    expect(order).toHaveLength(20);
    expect([...order.slice(0, 10)].sort()).toEqual([...order.slice(10)].sort());
    expect(order.slice(0, 10)).not.toEqual(jobs(10).map(({ id }) => id));
  });

  it('does not take what kernels do to the clock for noise', async () => {
    // Behind every kernel the core is 20 % slower for 3 ms.
    let loweredUntil = 0;
    const backend = virtualBackend((model, atMs) => {
      if (model === 'reference') return atMs < loweredUntil ? 0.06 : 0.05;
      loweredUntil = atMs + honest(model, atMs) + 3;
      return honest(model, atMs);
    });
    const summary = await runToEnd(profileKernels(jobs(8), options({ backend })));
    expect(summary.counts).toMatchObject({ ok: 8, flagged: 0, contended: 0, visits: 16 });
    for (const [id, ms] of Object.entries(latencies(summary))) expect(ms).toBeCloseTo(Number(id.slice(1)), 4);
    expect(summary.drift.quietShare).toBeGreaterThan(0.95);
  });

  it('sees through phases of noise that come and go', async () => {
    // Half of the time, in phases of 40 ms, everything but integer code takes 1.8 times longer.
    const backend = virtualBackend((model, atMs) => honest(model, atMs) * (Math.floor(atMs / 40) % 2 === 0 ? 1.8 : 1));
    const summary = await runToEnd(profileKernels(jobs(12), options({ backend, policy: { maxWaitMs: 0 } })));
    for (const record of summary.records) {
      if (record.status === 'ok' && record.flags.length === 0) expect(record.stats.latencyMs).toBeCloseTo(Number(record.id.slice(1)), 4);
    }
    expect(summary.counts.flagged).toBeLessThanOrEqual(1);
    expect(summary.drift.quietShare).toBeLessThan(0.9);
  });

  it('counts the time spent waiting for quiet as loud', async () => {
    const probesBesideVisits = async (loudMs: number): Promise<number> => {
      const backend = virtualBackend((model, atMs) => honest(model, atMs) * (atMs > 120 && atMs % 60 < loudMs ? 1.8 : 1));
      let seen = 0;
      const summary = await runToEnd(profileKernels(jobs(4), options({ backend })), (event) => {
        if (event.type !== 'visit') return;
        seen += 1 + event.visit.slices.length + event.visit.slices.filter(({ beforeMs }) => beforeMs !== undefined).length;
      });
      return summary.drift.probes - seen;
    };
    // What is there besides on a quiet machine was probed before the first visit.
    expect(await probesBesideVisits(40)).toBeGreaterThan(await probesBesideVisits(0));
  });

  it('measures again what it accepted before it knew what quiet is', async () => {
    // The session starts in a noisy stretch without knowing a level: at first half speed looks normal.
    const backend = virtualBackend((model, atMs) => honest(model, atMs) * (atMs < 330 ? 2 : 1));
    const events: ProfileEvent[] = [];
    const run = profileKernels(jobs(9), options({ backend, policy: { maxWaitMs: 0 } }));
    const summary = await runToEnd(run, (event) => events.push(event));
    const first = events.find((event) => event.type === 'record');
    expect(first?.type === 'record' && first.record.status === 'ok' && first.record.slowdown).toBeCloseTo(1, 1);
    for (const [id, ms] of Object.entries(latencies(summary))) expect(ms).toBeCloseTo(Number(id.slice(1)), 4);
  });

  it('flags what it accepted before it knew what quiet is when no time is left to measure it again', async () => {
    // Half speed until three kernels are recorded; a few visits later, which tell the level, the budget ends.
    const first: string[] = [];
    let visitsSince = 0;
    const backend = virtualBackend((model, atMs) => honest(model, atMs) * (first.length < 3 ? 2 : 1));
    const timers = new ManualTimers();
    const run = profileInTime(jobs(9), options({ backend, policy: { maxWaitMs: 0 }, budgetMs: 1000 }), timers);
    const summary = await runToEnd(run, (event) => {
      if (event.type === 'record' && !event.revised) first.push(event.record.id);
      if (event.type === 'visit' && first.length >= 3 && ++visitsSince === 5) timers.pass(10_000);
    });
    const early = summary.records.filter(({ id }) => first.slice(0, 3).includes(id));
    expect(early).toHaveLength(3);
    for (const record of early) expect(record).toMatchObject({ status: 'ok', flags: ['contended'] });
  });

  describe('where the clock of the CPU is slower for a while', () => {
    /** Slower by 8 % between these times: the reference by all of it, kernels by a power of it. */
    const clocked =
      (fromMs: number, toMs: number, power: number): VirtualLatency =>
      (model, atMs) =>
        honest(model, atMs) * (atMs >= fromMs && atMs < toMs ? 1.08 ** (model === 'reference' ? 1 : power) : 1);

    it.each([
      ['suffer as much as most', 0.75, 0.003],
      ['are bound by arithmetic alone', 1, 0.02],
      ['are bound by memory for a good part', 0.5, 0.02],
    ])('takes it out of kernels that %s', async (_, power, tolerance) => {
      // 100 ms of quiet tell what the clock can be; all kernels are measured without it.
      const backend = virtualBackend(clocked(100, Number.POSITIVE_INFINITY, power));
      const summary = await runToEnd(profileKernels(jobs(12), options({ backend })));
      expect(summary.counts).toMatchObject({ ok: 12, flagged: 0, contended: 0 });
      for (const record of summary.records) {
        if (record.status !== 'ok') continue;
        expect(Math.abs(record.stats.latencyMs / Number(record.id.slice(1)) - 1)).toBeLessThan(tolerance);
        expect(record.slowdown).toBeGreaterThan(1);
        expect(record.stats.repeatabilityMs! / record.stats.latencyMs).toBeGreaterThan(0.005);
      }
    });

    it('judges latencies anew by a faster clock that is seen later', async () => {
      const offAtFirst = new Map<string, number>();
      const backend = virtualBackend((model, atMs) =>
        (offAtFirst.size < 3 ? clocked(0, Number.POSITIVE_INFINITY, 0.75) : honest)(model, atMs),
      );
      const summary = await runToEnd(profileKernels(jobs(20), options({ backend })), (event) => {
        if (event.type !== 'record' || event.record.status !== 'ok' || event.revised) return;
        offAtFirst.set(event.record.id, event.record.stats.latencyMs / Number(event.record.id.slice(1)) - 1);
      });
      expect([...offAtFirst.values()].slice(0, 3).every((off) => off > 0.05)).toBe(true);
      for (const [id, ms] of Object.entries(latencies(summary))) expect(Math.abs(Number(ms) / Number(id.slice(1)) - 1)).toBeLessThan(0.003);
      expect(summary.counts.flagged).toBe(0);
    });

    it('leaves it in, flagged, where an accelerator computes the kernels', async () => {
      const backend = Object.assign(virtualBackend(clocked(100, Number.POSITIVE_INFINITY, 0)), { usesAccelerator: true });
      const summary = await runToEnd(profileKernels(jobs(4), options({ backend, policy: { maxWaitMs: 0 } })));
      for (const [id, ms] of Object.entries(latencies(summary))) expect(ms).toBeCloseTo(Number(id.slice(1)), 4);
      expect(summary.counts.flagged).toBe(4);
    });
  });

  it('gives up sooner on a kernel that never settles when its visits cost far more than others', async () => {
    // `drift60` takes 60 ms and ever longer: no visit confirms the first one.
    const backend = virtualBackend((model, atMs) =>
      model.startsWith('drift') ? Number(model.slice(5)) * (1 + atMs / 2000) : honest(model, atMs),
    );
    const quick = Array.from({ length: 30 }, (_, index) => ({ id: `quick${index}`, hash: 'h', model: () => virtualModel('k0.5') }));
    const drifting = ['drift60', 'drift1'].map((id) => ({ id, hash: 'h', model: () => virtualModel(id) }));
    const summary = await runToEnd(profileKernels([...drifting, ...quick], options({ backend })));
    expect(summary.records.slice(0, 2)).toMatchObject([
      { id: 'drift60', flags: ['unstable'], stats: { visits: 4 } },
      { id: 'drift1', flags: ['unstable'], stats: { visits: 12 } },
    ]);
  });

  it('turns a model that cannot be made into a failed record', async () => {
    const broken: ProfileJob = {
      id: 'broken',
      hash: 'h',
      model: () => {
        throw new Error('No such op.');
      },
    };
    const summary = await runToEnd(profileKernels([broken, ...jobs(1)], options()));
    expect(summary.records[0]).toEqual({
      status: 'failed',
      id: 'broken',
      hash: 'h',
      error: { code: 'ERR_RUNTIME_FAILURE', message: 'No such op.' },
    });
    expect(summary.counts).toMatchObject({ ok: 1, failed: 1 });
  });

  it('refuses two jobs of one id', async () => {
    await expect(runToEnd(profileKernels([...jobs(1), ...jobs(1)], options()))).rejects.toThrow('two of k1');
  });

  it('leaves kernels unmeasured when the budget is over, without failing them', async () => {
    const summary = await runToEnd(profileKernels(jobs(5), options({ budgetMs: 0 })));
    expect(summary.records).toEqual([]);
    expect(summary.unmeasured).toEqual(['k1', 'k2', 'k3', 'k4', 'k5']);
  });
});

describe('the journal of a profiling run', () => {
  const file = (): string => join(folder, 'journal.jsonl');

  it('lets a second run do nothing', async () => {
    const first = await runToEnd(profileKernels(jobs(4), options({ journalFile: file() })));
    const visits: string[] = [];
    const second = await runToEnd(profileKernels(jobs(4), options({ journalFile: file() })), (event) => {
      if (event.type === 'visit') visits.push(event.id);
      if (event.type === 'started') expect(event).toMatchObject({ resumed: 4, partial: 0 });
    });
    expect(visits).toEqual([]);
    expect(second.records).toEqual(first.records);
  });

  it('carries on wherever the first run was stopped, and repeats nothing', async () => {
    for (let stopAfter = 1; stopAfter < 12; stopAfter++) {
      const journalFile = join(folder, `${stopAfter}.jsonl`);
      const visits: string[] = [];
      const count = (event: ProfileEvent): void => {
        if (event.type === 'visit') visits.push(event.id);
      };
      const first = profileKernels(jobs(6), options({ journalFile }));
      while (visits.length < stopAfter) count((await first.next()).value as ProfileEvent);
      await first.return(undefined as unknown as ProfileSummary);
      const summary = await runToEnd(profileKernels(jobs(6), options({ journalFile, rng: new Rng(99) })), count);
      expect(summary.counts.ok).toBe(6);
      expect(visits.sort()).toEqual(
        jobs(6)
          .flatMap(({ id }) => [id, id])
          .sort(),
      );
    }
  });

  it('repairs a torn last line and adds new kernels to a finished run', async () => {
    await runToEnd(profileKernels(jobs(2), options({ journalFile: file() })));
    appendFileSync(file(), '{"type":"record","record":{"status":"ok","id":"k3","sta');
    const summary = await runToEnd(profileKernels(jobs(3), options({ journalFile: file() })));
    expect(summary.counts.ok).toBe(3);
    for (const line of readFileSync(file(), 'utf8').trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('starts over when asked to', async () => {
    await runToEnd(profileKernels(jobs(2), options({ journalFile: file() })));
    const run = profileKernels(jobs(2), options({ journalFile: file(), fresh: true }));
    expect((await run.next()).value).toMatchObject({ type: 'started', resumed: 0 });
    await run.return(undefined as unknown as ProfileSummary);
  });

  it('refuses to mix latencies of different conditions', async () => {
    await runToEnd(profileKernels(jobs(1), options({ journalFile: file() })));
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('"threads":1', '"threads":4'));
    const run = runToEnd(profileKernels(jobs(2), options({ journalFile: file() })));
    await expect(run).rejects.toMatchObject({ code: 'ERR_JOURNAL_MISMATCH', message: expect.stringContaining('threads was 4, is 1') });
  });

  it('says so when it cannot be written', async () => {
    mkdirSync(file());
    const run = runToEnd(profileKernels(jobs(1), options({ journalFile: file() })));
    await expect(run).rejects.toMatchObject({ code: 'ERR_JOURNAL_WRITE', message: expect.stringContaining(file()) });
  });
});
