import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, runToEnd, UnsupportedOperatorError } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileEvent, ProfileJob, ProfileSummary } from '../types.ts';
import { profileKernels } from './profile-kernels.ts';
import type { ProfilerOptions } from './profiler-options.ts';

let folder: string;
let journalFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-changed-'));
  journalFile = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Kernels `k1`, `k2`, … that take `ms` each; the hash says so. */
function jobs(ms: readonly number[]): ProfileJob[] {
  return ms.map((value, index) => ({ id: `k${index + 1}`, hash: `g1-${value}`, model: () => virtualModel(String(value)) }));
}

async function profile(ms: readonly number[], more: Partial<ProfilerOptions> = {}) {
  const backend = virtualBackend((model) => (model === 'reference' ? 0.05 : Number(model)));
  let started: Extract<ProfileEvent, { type: 'started' }> | undefined;
  const visited: string[] = [];
  const options: ProfilerOptions = {
    backend,
    settings: {},
    referenceModel: () => virtualModel('reference'),
    rng: new Rng(3),
    journalFile,
    ...more,
  };
  const summary = await runToEnd(profileKernels(jobs(ms), options), (event) => {
    if (event.type === 'started') started = event;
    if (event.type === 'visit') visited.push(event.id);
  });
  return { started: started!, visited: [...new Set(visited)].sort(), latencies: latenciesOf(summary) };
}

const latenciesOf = ({ records }: ProfileSummary) =>
  records.map((record) => (record.status === 'ok' ? Number(record.stats.latencyMs.toPrecision(4)) : record.error.code));

describe('kernels that have become something else since they were measured', () => {
  it('are measured again, the others not, and the run says so', async () => {
    await profile([1, 2, 3]);
    const again = await profile([1, 20, 3]);
    expect(again.latencies).toEqual([1, 20, 3]);
    expect(again.visited).toEqual(['k2']);
    expect(again.started).toMatchObject({ resumed: 2, changed: 1, unknownHash: 0 });
    expect(again.started.notes).toContainEqual(expect.stringMatching(/^1 kernel was measured when the block, IMPLEMENT or BATCH_SIZE/));
  });

  it('leave a journal as it is when nothing of it has to be measured', async () => {
    await profile([1, 2]);
    const before = readFileSync(journalFile, 'utf8');
    expect(before.match(/"type":"session"/g)).toHaveLength(1);
    await profile([1, 2]);
    expect(readFileSync(journalFile, 'utf8')).toBe(before);
    await profile([1, 20]);
    expect(readFileSync(journalFile, 'utf8').slice(before.length)).toMatch(/^\{"type":"session"/);
  });

  it('are known again when they are what they were', async () => {
    await profile([1, 2]);
    await profile([10, 20]);
    const back = await profile([1, 2]);
    expect(back.visited).toEqual([]);
    expect(back.latencies).toEqual([1, 2]);
    expect(back.started).toMatchObject({ resumed: 2, changed: 0 });
  });

  it('do not inherit half of their visits', async () => {
    const run = profileKernels(jobs([1]), {
      backend: virtualBackend((model) => (model === 'reference' ? 0.05 : Number(model))),
      settings: {},
      referenceModel: () => virtualModel('reference'),
      rng: new Rng(3),
      journalFile,
    });
    for await (const event of run) if (event.type === 'visit') break;
    const changed = await profile([5]);
    expect(changed.latencies).toEqual([5]);
    expect(changed.started).toMatchObject({ partial: 0, changed: 1 });
  });
});

describe('a journal from before it was kept what was measured', () => {
  const forgetHashes = (): void => writeFileSync(journalFile, readFileSync(journalFile, 'utf8').replaceAll(/,"hash":"[^"]*"/g, ''));

  it('counts, and every run says that nothing vouches for it', async () => {
    await profile([1, 2]);
    forgetHashes();
    for (let run = 0; run < 2; run++) {
      const { latencies, visited, started } = await profile([1, 20, 3]);
      expect(latencies).toEqual([1, 2, 3]);
      expect(visited).toEqual(run === 0 ? ['k3'] : []);
      expect(started).toMatchObject({ changed: 0, unknownHash: 2 });
      expect(started.notes).toContainEqual(expect.stringMatching(/^The latency of 2 kernels .* older version.*--fresh/));
    }
  });

  it('lends no visits to a kernel that was not finished', async () => {
    await profile([1, 2]);
    const lines = readFileSync(journalFile, 'utf8').split('\n');
    writeFileSync(journalFile, lines.filter((line) => !(line.includes('"record"') && line.includes('"k1"'))).join('\n'));
    forgetHashes();
    const { latencies, started } = await profile([9, 2]);
    expect(latencies).toEqual([9, 2]);
    expect(started).toMatchObject({ partial: 0, unknownHash: 1 });
  });
});

describe('a journal of visits that another reference judged', () => {
  const slowReference = { referenceModel: () => virtualModel('old-reference') };
  const latency = (model: string): number => ({ reference: 0.05, 'old-reference': 0.5 })[model] ?? Number(model);
  const options = { backend: virtualBackend(latency) };

  it('keeps its records, also those it would doubt by the level of the new one', async () => {
    await profile([1, 2], { ...options, ...slowReference });
    const again = await profile([1, 2], options);
    expect(again.visited).toEqual([]);
    expect(again.latencies).toEqual([1, 2]);
    const more = await profile([1, 2, 3], options);
    expect(more.visited).toEqual(['k3']);
    expect(more.latencies).toEqual([1, 2, 3]);
  });

  it('does not count visits without a record, of old versions neither', async () => {
    const oneVisit = { policy: { maxVisits: 1 } };
    await profile([1], { ...options, ...slowReference, ...oneVisit });
    const lines = readFileSync(journalFile, 'utf8').split('\n');
    const visits = lines.filter((line) => !line.includes('"type":"record"'));
    const visitsOf = (text: string): number => text.match(/"type":"visit"/g)?.length ?? 0;
    const old = visits.map((line) => line.replace(/,"reference":"[0-9a-f]+"/, ''));
    expect(old).not.toEqual(visits);
    for (const journal of [visits, old]) {
      writeFileSync(journalFile, journal.join('\n'));
      const { started, latencies } = await profile([1], options);
      expect(started).toMatchObject({ partial: 0 });
      expect(latencies).toEqual([1]);
      expect(visitsOf(readFileSync(journalFile, 'utf8'))).toBe(3);
    }
  });

  it('counts visits that the same reference judged', async () => {
    await profile([1], { ...options, policy: { maxVisits: 1 } });
    const journal = readFileSync(journalFile, 'utf8');
    writeFileSync(journalFile, journal.replace(/^.*"type":"record".*\n/m, ''));
    expect((await profile([1], options)).started).toMatchObject({ partial: 1 });
  });
});

it('measures without a gate, and says why, what the backend has no reference for', async () => {
  const refuse = (): never => {
    throw new UnsupportedOperatorError({ backend: 'virtual', graph: 'reference', operator: 'avgPool' });
  };
  const { started, latencies } = await profile([1], { referenceModel: refuse });
  expect(latencies).toEqual([1]);
  expect(started.notes).toContainEqual(
    expect.stringMatching(/not gated by how quiet the machine is: the backend refuses the reference\. .*avgPool/),
  );
});
