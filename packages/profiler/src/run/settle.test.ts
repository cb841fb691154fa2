import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type VirtualLatency, virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileEvent, ProfileJob, ProfileRecord } from '../types.ts';
import { profileKernels } from './profile-kernels.ts';
import type { ProfilerOptions } from './profiler-options.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-settle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KERNELS = 8;
const jobs = Array.from(
  { length: KERNELS },
  (_, i): ProfileJob => ({ id: `k${i + 1}`, hash: 'h', model: () => virtualModel(`k${i + 1}`) }),
);
const honest: VirtualLatency = (model) => (model === 'reference' ? 0.05 : Number(model.slice(1)));
/** Quiet until the level is learned, then loud for so many runs of kernels, and quiet again. */
function loudFor(runs: number): VirtualLatency {
  let left = runs;
  return (model, atMs) => {
    const isLoud = atMs > 101 && left > 0;
    if (model !== 'reference') left--;
    return honest(model, atMs) * (isLoud ? 1.4 : 1);
  };
}
const ALWAYS = Number.POSITIVE_INFINITY;

/** Runs of kernels in a run that is loud to its end. */
async function countRuns(): Promise<number> {
  let runs = 0;
  const counting: VirtualLatency = (model, atMs) => {
    if (model !== 'reference') runs++;
    return honest(model, atMs) * (atMs > 101 ? 1.4 : 1);
  };
  await profile(options(counting));
  return runs;
}

const options = (latency: VirtualLatency, more: Partial<ProfilerOptions> = {}): ProfilerOptions => ({
  backend: virtualBackend(latency),
  settings: {},
  referenceModel: () => virtualModel('reference'),
  rng: new Rng(5),
  ...more,
  policy: { maxWaitMs: 0, minWaitMs: 0, maxVisits: 3, minVisitsApart: 2, ...more.policy },
});

async function profile(given: ProfilerOptions) {
  const events: ProfileEvent[] = [];
  const { records } = await runToEnd(profileKernels(jobs, given), (event) => events.push(event));
  const flagged = records.filter((record) => record.status === 'ok' && record.flags.length > 0);
  return { records, flagged: flagged.length, settled: events.filter(({ type }) => type === 'settle') };
}

const errors = (records: readonly ProfileRecord[]): readonly number[] =>
  records.map((record) => (record.status === 'ok' ? record.stats.latencyMs / Number(record.id.slice(1)) - 1 : Number.NaN));

it('measures flagged kernels again once the machine is quiet', async () => {
  const runs = await countRuns();
  const left = await profile(options(loudFor(runs), { policy: { settleShare: 0 } }));
  expect(left.flagged).toBeGreaterThan(3);
  expect(Math.max(...errors(left.records))).toBeGreaterThan(0.3);
  const { records, flagged, settled } = await profile(options(loudFor(runs), { policy: { settleShare: 10 } }));
  expect(settled).toHaveLength(1);
  expect(flagged).toBe(0);
  expect(Math.max(...errors(records))).toBeLessThan(0.01);
});

it('makes no more visits for that than a share of those it has made', async () => {
  const visits: string[] = [];
  const run = profileKernels(jobs, options(loudFor(await countRuns()), { policy: { settleShare: 0.25 } }));
  let settling = 0;
  await runToEnd(run, (event) => {
    if (event.type === 'settle') settling = visits.length;
    if (event.type === 'visit') visits.push(event.id);
  });
  expect(settling).toBeGreaterThan(KERNELS);
  expect(visits.length - settling).toBe(Math.ceil(settling * 0.25));
});

it('does nothing of the kind while it is loud', async () => {
  const { flagged, settled } = await profile(options(loudFor(ALWAYS), { policy: { settleShare: 10 } }));
  expect(settled).toEqual([]);
  expect(flagged).toBeGreaterThan(3);
});

it('settles what an earlier run has flagged when it is asked to', async () => {
  const journalFile = join(folder, 'k.jsonl');
  const before = await profile(options(loudFor(ALWAYS), { journalFile }));
  expect(before.flagged).toBeGreaterThan(3);
  const resumed = await profile(options(honest, { journalFile, policy: { settleShare: 0 } }));
  expect(resumed.flagged).toBe(before.flagged);
  const after = await profile(options(honest, { journalFile, settleWaitMs: 60_000 }));
  expect(after.settled).toHaveLength(1);
  expect(after.flagged).toBe(0);
  const [again] = [await profile(options(honest, { journalFile, settleWaitMs: 60_000 }))];
  expect(again).toMatchObject({ flagged: 0, settled: [] });
});

it('waits for quiet no longer than it was told to', async () => {
  const { flagged, settled } = await profile(options(loudFor(ALWAYS), { settleWaitMs: 1 }));
  expect(settled).toEqual([]);
  expect(flagged).toBeGreaterThan(3);
});
