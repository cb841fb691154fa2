import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean, Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type VirtualLatency, virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileJob } from '../types.ts';
import { readJournal } from './journal-file.ts';
import { profileKernels } from './profile-kernels.ts';

let folder: string;
let journalFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-correction-'));
  journalFile = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KERNELS = 40;
const SUFFERS = 0.6;
const truthOf = (id: string): number => 1 + Number(id.slice(1)) / 10;
const jobs = Array.from(
  { length: KERNELS },
  (_, i): ProfileJob => ({ id: `k${i + 1}`, hash: 'h', model: () => virtualModel(`k${i + 1}`) }),
);

/** Kernels suffer less than the reference does, and not all equally; `isLoud` says when. */
function machine(isLoud: (atMs: number) => boolean): VirtualLatency {
  return (model, atMs) => {
    const slowdown = isLoud(atMs) ? 1.4 + 0.2 * Math.sin(atMs / 7) : 1;
    if (model === 'reference') return 0.05 * slowdown;
    const power = SUFFERS + 0.1 * Math.sin(Number(model.slice(1)));
    return truthOf(model) * slowdown ** power;
  };
}

const profile = (latency: VirtualLatency, alike = true) =>
  runToEnd(
    profileKernels(jobs, {
      backend: virtualBackend(latency),
      settings: {},
      referenceModel: () => virtualModel('reference'),
      rng: new Rng(9),
      journalFile,
      alike,
      policy: { maxWaitMs: 0, minWaitMs: 0, maxVisits: 4, minVisitsApart: 4, settleShare: 0 },
    }),
  );

/** Loud three quarters of the time, in long stretches, and for good after a while. */
const mixed = machine((atMs) => atMs > 101 && (atMs % 160 > 40 || atMs > 900));

it('corrects kernels that met no quiet moment by what those suffered that met both, and leaves them flagged', async () => {
  const { records } = await profile(mixed);
  const corrected = records.flatMap((record) => (record.status === 'ok' && record.correction ? [{ ...record, ...record.correction }] : []));
  expect(corrected.length).toBeGreaterThan(5);
  for (const { id, flags, stats, latencyMs, repeatabilityMs } of corrected) {
    expect(flags).toEqual(['contended', 'corrected']);
    expect(stats.latencyMs / truthOf(id)).toBeGreaterThan(1.05);
    expect(Math.abs(latencyMs / truthOf(id) - 1)).toBeLessThan(0.07);
    expect(repeatabilityMs / latencyMs).toBeGreaterThan(0.005);
  }
  // When exactly a kernel is visited moves single labels; on average they come much nearer to the truth.
  const meanError = (latencyOf: (one: (typeof corrected)[number]) => number): number =>
    mean(corrected.map((one) => Math.abs(latencyOf(one) / truthOf(one.id) - 1)));
  expect(meanError(({ stats }) => stats.latencyMs)).toBeGreaterThan(0.1);
  expect(meanError(({ latencyMs }) => latencyMs)).toBeLessThan(0.035);
  // Two thirds of them lie within their own standard deviation, as a spread says, give or take that there are few.
  const within = corrected.filter(({ id, latencyMs, repeatabilityMs }) => Math.abs(latencyMs - truthOf(id)) <= 2 * repeatabilityMs);
  expect(within.length / corrected.length).toBeGreaterThan(0.8);
});

it('keeps the correction in the journal, and writes nothing when there is nothing to do', async () => {
  const { records } = await profile(mixed);
  const journal = readFileSync(journalFile, 'utf8');
  const kept = [...readJournal(journalFile)!.kernels.values()].flatMap(([measured]) => measured!.record ?? []);
  expect(kept.filter((record) => record.status === 'ok' && record.correction !== undefined)).toHaveLength(
    records.filter((record) => record.status === 'ok' && record.correction !== undefined).length,
  );
  expect((await profile(mixed)).records).toEqual(records);
  expect(readFileSync(journalFile, 'utf8')).toBe(journal);
});

it('corrects nothing in a run of kernels that are not said to be alike', async () => {
  const { records } = await profile(mixed, false);
  for (const record of records) expect(record).not.toHaveProperty('correction');
});

it('corrects nothing where nothing was ever measured in a quiet moment', async () => {
  const { records } = await profile(machine((atMs) => atMs > 101));
  for (const record of records) expect(record).toMatchObject({ status: 'ok', flags: ['contended'] });
  for (const record of records) expect(record).not.toHaveProperty('correction');
});
