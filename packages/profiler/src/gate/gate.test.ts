import { describe, expect, it } from 'vitest';
import type { Slice, Visit } from '../types.ts';
import { judgeVisit } from './gate.ts';

const slice = (probeMs: number, cpuShare = 1): Slice => ({ runs: 10, minMs: 2, medianMs: 2, meanMs: 2, probeMs, cpuShare });
const limits = { quietTolerance: 0.05, slowdownPower: 0.75, minCpuShare: 0.97 };
const accepted = (visit: Visit, levelMs: number | undefined): boolean[] =>
  judgeVisit(visit, levelMs, limits).map((judged) => judged.accepted);

describe('judgeVisit', () => {
  it('accepts runs only between two quiet probes', () => {
    const visit = { firstProbeMs: 1.0, slices: [slice(1.02), slice(1.8), slice(1.01), slice(1.0)] };
    expect(accepted(visit, 1)).toEqual([true, false, false, true]);
  });

  it('goes by the probe that ended a wait, not by the loud one before it', () => {
    const visit = { firstProbeMs: 1.8, slices: [{ ...slice(1.7), beforeMs: 1 }, { ...slice(1), beforeMs: 1.01 }, slice(1)] };
    expect(accepted(visit, 1)).toEqual([false, true, true]);
  });

  it('judges the same visit anew when a quieter level is known', () => {
    const visit = { firstProbeMs: 1.8, slices: [slice(1.81), slice(1.79)] };
    expect(accepted(visit, 1.79)).toEqual([true, true]);
    expect(accepted(visit, 1.0)).toEqual([false, false]);
  });

  it('rejects runs during which the process lost its CPU, although both probes were quiet', () => {
    expect(accepted({ firstProbeMs: 1, slices: [slice(1, 0.6), slice(1, 0.99), slice(1, Number.NaN)] }, 1)).toEqual([false, true, true]);
  });

  it('accepts everything without a reference or a level', () => {
    const visit = { firstProbeMs: Number.NaN, slices: [slice(Number.NaN), slice(Number.NaN)] };
    expect(accepted(visit, 1)).toEqual([true, true]);
    expect(accepted({ firstProbeMs: 3, slices: [slice(9)] }, undefined)).toEqual([true]);
  });

  it('tells the slowdown of the reference around a slice', () => {
    expect(judgeVisit({ firstProbeMs: 1, slices: [slice(2)] }, 1, limits)[0]!.slowdown).toBe(1.5);
  });

  it('divides accepted times by the slowdown of the faster probe, to a power', () => {
    const judged = judgeVisit({ firstProbeMs: 1.04, slices: [slice(1.02), slice(1.8), { ...slice(0.97), beforeMs: 1.01 }] }, 1, limits);
    const divided = expect.closeTo(2 / 1.02 ** 0.75, 12);
    expect(judged.map(({ medianMs }) => medianMs)).toEqual([divided, 2, 2]);
    expect(judged[0]).toMatchObject({ minMs: divided, meanMs: divided, probeMs: 1.02 });
    expect(judgeVisit({ firstProbeMs: 1.04, slices: [slice(1.04)] }, 1, { ...limits, slowdownPower: 0 })[0]!.medianMs).toBe(2);
  });
});
