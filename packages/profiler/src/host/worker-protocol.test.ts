import { expect, it } from 'vitest';
import type { Slice, Visit } from '../types.ts';
import { parseAnswer } from './worker-protocol.ts';

it('hands on everything that a visit tells', () => {
  const slice: Required<Slice> = {
    runs: 4,
    minMs: 1,
    medianMs: 2,
    meanMs: 2,
    beforeMs: 0.04,
    probeMs: 0.05,
    cpuShare: 1,
    stepMs: 0.001,
  };
  const visit: Required<Visit> = { firstProbeMs: 0.06, restedMs: 0.05, slices: [slice] };
  const cost = { warmupMs: 1, timedMs: 8, probeMs: 0.2, waitedMs: 0, waitProbes: [], warmupRuns: 2, loadMs: 3, rssBytes: 4 };
  expect(parseAnswer('visit', { visit, ...cost })).toEqual({ visit, ...cost });
});
