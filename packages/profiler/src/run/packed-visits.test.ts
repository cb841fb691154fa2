import { expect, it } from 'vitest';
import type { Visit } from '../types.ts';
import { packVisits, unpackVisits } from './packed-visits.ts';

const slice = { runs: 3, minMs: 1, medianMs: 1.1, meanMs: 1.2, probeMs: Number.NaN, cpuShare: 0.98 };
const visits: Visit[] = [
  { firstProbeMs: Number.NaN, slices: [slice, { ...slice, beforeMs: 0.05, probeMs: 0.06 }] },
  { firstProbeMs: 0.06, restedMs: 0.05, slices: [slice] },
  { firstProbeMs: 0.04, slices: [] },
  { firstProbeMs: 0.05, slices: [{ ...slice, stepMs: 0.01 }] },
];

it('gives back what was packed, what is absent included', () => {
  expect(unpackVisits(packVisits(visits))).toStrictEqual(visits);
  expect(unpackVisits(packVisits([]))).toEqual([]);
});
