import { Rng, type Runtime, runToEnd } from '@nnm/core';
import { expect, it } from 'vitest';
import { type VirtualLatency, virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileEvent } from '../types.ts';
import { profileKernels } from './profile-kernels.ts';
import type { ProfilerOptions } from './profiler-options.ts';

/** Measure one kernel; `runsOf` counts what was run of a model. */
async function profile(latency: VirtualLatency, more: Partial<ProfilerOptions> = {}) {
  const runs = new Map<string, number>();
  const counting: VirtualLatency = (model, atMs) => {
    runs.set(model, (runs.get(model) ?? 0) + 1);
    return latency(model, atMs);
  };
  const visits: Extract<ProfileEvent, { type: 'visit' }>[] = [];
  let notes: readonly string[] = [];
  const options = { backend: virtualBackend(counting), settings: {}, rng: new Rng(5), ...more };
  const { records } = await runToEnd(profileKernels([{ id: 'k', hash: 'h', model: () => virtualModel('k') }], options), (event) => {
    if (event.type === 'visit') visits.push(event);
    if (event.type === 'started') notes = event.notes;
  });
  return { record: records[0]!, visits, notes, runsOf: (model: string) => runs.get(model) ?? 0 };
}
const gated = { referenceModel: () => virtualModel('reference') };

it.each([300, 15])('what a runtime makes at the first run of a model, in %d ms, does not count as the time of its runs', async (onceMs) => {
  // A GPU's programs, made whenever a model is loaded; then 0.2 ms a run, and 0.5 ms of the reference.
  let isFirst = true;
  const backend = virtualBackend((model) => {
    const once = isFirst ? onceMs : 0;
    isFirst = false;
    return once + (model === 'reference' ? 0.5 : 0.2);
  });
  const start = backend.runtime as () => Runtime;
  const runtime = (): Runtime => {
    const virtual = start();
    return {
      ...virtual,
      load: (model) => {
        isFirst = true;
        return virtual.load(model);
      },
    };
  };
  const { record, visits, notes } = await profile(() => 0, { ...gated, backend: Object.assign(backend, { runtime }) });
  expect(notes.join()).not.toContain('reference');
  expect(record).toMatchObject({ status: 'ok', stats: { latencyMs: expect.closeTo(0.2, 6) }, flags: [] });
  for (const { visit } of visits) expect(visit.slices.map(({ runs }) => runs)).toEqual([3, 3, 3, 3]);
});

it('a slow reference is probed by single runs, and that is said', async () => {
  const { runsOf, visits, notes, record } = await profile((model) => (model === 'reference' ? 12 : 30), gated);
  expect(record).toMatchObject({ status: 'ok', flags: [] });
  expect(notes).toContain('A run of the reference takes 12 ms here: kernels are timed by fewer runs, and all of it takes longer.');
  const checks = 8;
  const beforeVisits = Math.ceil(100 / 12);
  const probes = visits.reduce((sum, { visit }) => sum + 1 + visit.slices.length, 0);
  expect(runsOf('reference')).toBe(checks + beforeVisits + probes);
});

it('a reference that takes as long as a turn is not probed, and that is said', async () => {
  const { runsOf, notes, record } = await profile((model) => (model === 'reference' ? 60 : 100), gated);
  expect(record).toMatchObject({ status: 'ok', flags: [], stats: { latencyMs: 100 } });
  expect(notes).toContain(
    'Runs are not gated by how quiet the machine is: a run of the reference takes 60 ms here, too long for probes between the runs of a kernel.',
  );
  expect(runsOf('reference')).toBe(8);
});

it('a slow kernel whose visits never agree is recorded with a flag after some seconds, not after all visits', async () => {
  let count = 0;
  const drifting: VirtualLatency = () => 1500 / (1 + 0.05 * count++);
  const { record, visits } = await profile(drifting, { policy: { gate: 0 } });
  expect(record).toMatchObject({ status: 'ok', flags: ['unstable'] });
  expect(visits.length).toBeGreaterThanOrEqual(2);
  expect(visits.length).toBeLessThan(12);
  const untilLast = visits.slice(0, -1).reduce((sum, { cost }) => sum + cost.warmupMs + cost.timedMs, 0);
  expect(untilLast).toBeLessThan(10_000);
});

it('a kernel of a minute is run a few times only', async () => {
  const { record, runsOf } = await profile(() => 60_000, { policy: { gate: 0 } });
  expect(record).toMatchObject({ status: 'ok', flags: [] });
  expect(runsOf('k')).toBeLessThanOrEqual(8 + 2 * 2);
});
