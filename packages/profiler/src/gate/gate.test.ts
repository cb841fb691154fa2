import { describe, expect, it } from 'vitest';
import type { Slice, Visit } from '../types.ts';
import { aftermathOf, type GateLimits, judgeVisits } from './gate.ts';

const slice = (probeMs: number, cpuShare = 1): Slice => ({ runs: 10, minMs: 2, medianMs: 2, meanMs: 2, probeMs, cpuShare });
const limits = { quietTolerance: 0.05, slowdownPower: 0.75, minCpuShare: 0.97 };
const judgeOne = (visit: Visit, levelMs: number | undefined, gate: GateLimits) => judgeVisits([visit], levelMs, gate)[0]!;
const accepted = (visit: Visit, levelMs: number | undefined): boolean[] =>
  judgeOne(visit, levelMs, limits).map((judged) => judged.accepted);

describe('judgeVisits', () => {
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
    expect(judgeOne({ firstProbeMs: 1, slices: [slice(2)] }, 1, limits)[0]!.slowdown).toBe(1.5);
  });

  it('divides accepted times by the slowdown of the faster probe, to a power', () => {
    const judged = judgeOne({ firstProbeMs: 1.04, slices: [slice(1.02), slice(1.8), { ...slice(0.97), beforeMs: 1.01 }] }, 1, limits);
    const divided = expect.closeTo(2 / 1.02 ** 0.75, 12);
    expect(judged.map(({ medianMs }) => medianMs)).toEqual([divided, 2, 2]);
    expect(judged[0]).toMatchObject({ minMs: divided, meanMs: divided, probeMs: 1.02 });
    expect(judgeOne({ firstProbeMs: 1.04, slices: [slice(1.04)] }, 1, { ...limits, slowdownPower: 0 })[0]!.medianMs).toBe(2);
  });

  it('takes what a kernel does to the clock for its own, and tells it from what others do', () => {
    // Behind the kernel the reference is 20 % slower, and 3 ms later as fast as ever; the third slice meets others, the fourth waits for the end of it.
    const visit: Visit = {
      firstProbeMs: 1.21,
      restedMs: 1,
      slices: [{ ...slice(1.2), beforeMs: 1 }, slice(1.22), slice(1.7), { ...slice(1.2), beforeMs: 1.1 }],
    };
    expect(accepted(visit, 1)).toEqual([true, true, false, true]);
    expect(judgeOne(visit, 1, limits).map(({ medianMs }) => medianMs)).toEqual([2, expect.closeTo(2, 1), 2, 2]);
    // On a socket whose clock is 4 % slower the division is by that alone.
    const slower: Visit = { firstProbeMs: 1.248, restedMs: 1.04, slices: [{ ...slice(1.248), beforeMs: 1.04 }, slice(1.248)] };
    for (const { accepted, medianMs } of judgeOne(slower, 1, limits)) {
      expect(accepted).toBe(true);
      expect(medianMs).toBeCloseTo(2 / 1.04 ** 0.75, 12);
    }
  });
});

describe('aftermathOf', () => {
  const visit = (firstProbeMs: number, restedMs: number | undefined, ...probes: number[]): Visit => ({
    firstProbeMs,
    ...(restedMs !== undefined && { restedMs }),
    slices: probes.map((probeMs) => slice(probeMs)),
  });

  it.each([
    ['is what every probe behind the kernel is slower', [visit(1.2, 1, 1.25, 1.22)], 1.2],
    ['goes by the least of a visit, since bursts end', [visit(1.28, 1, 1.1, 1.29)], 1.1],
    ['is the median of visits', [visit(1.28, 1, 1.25, 1.29), visit(1.11, 1, 1.4, 1.1), visit(1.09, 1, 1.08)], 1.1],
    [
      'is nothing for a kernel that mostly leaves the reference as quick as ever',
      [visit(1.2, 1, 1.2), visit(1.01, undefined, 1.2), visit(1, undefined)],
      1,
    ],
    ['is none of a session that is slower all the time', [visit(1.4, 1.4, 1.41)], 1],
    ['is not as much as those do who share the core', [visit(1.45, 1, 1.5)], 1],
    ['is nothing when a first probe met a burst', [visit(1.2, 1, 1, 1.01)], 1],
    ['is not known of visits from before it was asked', [visit(1.2, undefined, 1.2)], 1],
    ['is not known without a reference', [visit(Number.NaN, undefined, Number.NaN)], 1],
  ])('%s', (_, visits, expected) => {
    expect(aftermathOf(visits, 1)).toBeCloseTo(expected, 9);
  });
});
