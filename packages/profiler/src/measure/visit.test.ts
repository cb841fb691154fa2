import type { LoadedModel } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { judgeVisits } from '../gate/gate.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { RunTimer } from './timing.ts';
import { type VisitPlan, type VisitResult, visitModel } from './visit.ts';

const REFERENCE_MS = 0.05;

/** Visit a kernel, of 0.1 ms by default, on a machine whose speed depends on the time; `wallMs` is how long the visit took on its clock. */
async function visit(
  slowdownAt: (ms: number) => number,
  plan: Partial<VisitPlan> = {},
  { kernelMs = 0.1, resolutionMs = 0, readingMs = 0 } = {},
): Promise<VisitResult & { wallMs: number }> {
  let now = 0;
  const model = (ms: number): LoadedModel => ({
    run: () => {
      now += ms * slowdownAt(now);
    },
    execute: () => [],
    close: () => undefined,
  });
  const clock = (): number => {
    now += readingMs;
    return now;
  };
  const result = await visitModel(
    model(kernelMs),
    model(REFERENCE_MS),
    { timer: new RunTimer(clock), resolutionMs },
    { ...DEFAULT_POLICY, patienceMs: 100, quietMs: REFERENCE_MS * 1.03, clearMs: Number.POSITIVE_INFINITY, ...plan },
  );
  return { ...result, wallMs: now };
}

const between = (from: number, to: number) => (ms: number) => (ms >= from && ms < to ? 2 : 1);

describe('visitModel', () => {
  it('takes as many slices as asked for on a quiet machine and waits for nothing', async () => {
    const { visit: measured, waitedMs } = await visit(() => 1);
    expect(measured.slices).toHaveLength(DEFAULT_POLICY.slicesPerVisit);
    expect(measured.slices.every(({ medianMs, beforeMs }) => Math.abs(medianMs - 0.1) < 1e-9 && beforeMs === undefined)).toBe(true);
    expect(waitedMs).toBe(0);
  });

  it('starts no slice during a burst of noise and counts the wait apart from the probes', async () => {
    const { visit: measured, waitedMs, waitProbes, timedMs, probeMs, warmupMs, wallMs } = await visit(between(2, 8));
    const loud = measured.slices.filter(({ medianMs }) => medianMs > 0.15);
    expect(loud.length).toBeLessThanOrEqual(1);
    expect(measured.slices.filter(({ beforeMs }) => beforeMs !== undefined)).toHaveLength(1);
    expect(waitedMs).toBeGreaterThan(4);
    expect(waitedMs + timedMs + probeMs + warmupMs).toBeCloseTo(wallMs, 6);
    expect(Math.abs(waitProbes.length - waitedMs / DEFAULT_POLICY.sliceMs)).toBeLessThan(2);
    expect(waitProbes.every((ms) => Math.abs(ms - 2 * REFERENCE_MS) < 1e-9)).toBe(true);
  });

  it('gives its turn back when the machine stays loud, with two slices that say how loud', async () => {
    const { visit: measured, waitedMs } = await visit(() => 2, { patienceMs: 5 });
    expect(measured.slices).toHaveLength(2);
    expect(measured.slices.every(({ medianMs }) => Math.abs(medianMs - 0.2) < 1e-9)).toBe(true);
    expect(measured.slices.every(({ beforeMs }) => Math.abs(beforeMs! - 2 * REFERENCE_MS) < 1e-9)).toBe(true);
    expect(waitedMs).toBeGreaterThanOrEqual(5);
    expect(waitedMs).toBeLessThan(6);
  });

  it('keeps the reference before a slice that had to wait, so that it can be judged again', async () => {
    const { visit: measured } = await visit(between(0, 4));
    expect(measured.firstProbeMs).toBeCloseTo(2 * REFERENCE_MS);
    expect(measured.slices[0]!.beforeMs).toBeCloseTo(REFERENCE_MS);
  });

  it('runs a long model until its memory is there', async () => {
    // The first run takes 100 ms, the second, which starts then, too.
    const { visit: measured, warmupRuns } = await visit((ms) => (ms < 101 ? 2 : 1), {}, { kernelMs: 50 });
    expect(warmupRuns).toBe(3);
    expect(measured.slices.map(({ medianMs }) => medianMs)).toEqual(measured.slices.map(() => expect.closeTo(50, 9)));
  });

  it.each([
    ['shorter', 1],
    ['endless', 11_000],
  ])('runs a %s model once before it is timed', async (_, kernelMs) => {
    expect((await visit(() => 1, {}, { kernelMs })).warmupRuns).toBe(1);
  });

  it('makes fewer probes when slices share them, and keeps the same slices', async () => {
    const alone = await visit(() => 1);
    const shared = await visit(() => 1, { slicesPerProbe: 2 });
    expect(shared.visit.slices).toHaveLength(alone.visit.slices.length);
    expect(shared.visit.slices.every(({ probeMs }) => Math.abs(probeMs - REFERENCE_MS) < 1e-9)).toBe(true);
    expect(shared.visit.slices.map(({ beforeMs }) => beforeMs !== undefined)).toEqual([false, true, false, true]);
    expect(shared.probeMs / alone.probeMs).toBeCloseTo(3 / 5, 6);
  });

  it('times more runs together when the warm-up was slowed down, so that the steps of the clock do not show', async () => {
    const resolutionMs = 0.0005;
    const { visit: measured } = await visit((ms) => (ms < 0.4 ? 20 : 1), {}, { kernelMs: 0.004, resolutionMs });
    expect(measured.slices).toHaveLength(DEFAULT_POLICY.slicesPerVisit);
    for (const { medianMs, stepMs = 0 } of measured.slices) {
      expect(medianMs).toBeCloseTo(0.004, 9);
      expect(stepMs).toBeLessThan(0.02 * medianMs);
    }
  });

  it.each([1e-5, 1e-4, 1e-3])('reads the clock so seldom that it does not count, for a kernel of %f ms', async (kernelMs) => {
    const { visit: measured } = await visit(() => 1, {}, { kernelMs, readingMs: 0.0002 });
    expect(measured.slices).toHaveLength(DEFAULT_POLICY.slicesPerVisit);
    for (const { medianMs } of measured.slices) expect(medianMs / kernelMs).toBeLessThan(1.025);
  });

  it('makes a slice again in which the machine slept, but not for ever', async () => {
    let naps = 1;
    const napping = (ms: number) => (ms > 2 && naps-- > 0 ? 600_000 : 1);
    const { visit: measured } = await visit(napping, { sliceMs: 0.1 });
    expect(measured.slices.every(({ meanMs }) => Math.abs(meanMs - 0.1) < 1e-6)).toBe(true);
    const ever = await visit((ms) => (ms > 0.5 ? 600_000 : 1), { sliceMs: 0.1 });
    expect(ever.visit.slices.some(({ meanMs }) => meanMs > 1000)).toBe(true);
  });

  it('rejects all slices that share a loud probe', async () => {
    const { visit: measured } = await visit(between(1, 1.9), { slicesPerProbe: 2 });
    const judged = judgeVisits([measured], REFERENCE_MS, DEFAULT_POLICY)[0]!;
    for (const { accepted, medianMs } of judged) if (accepted) expect(medianMs).toBeCloseTo(0.1, 6);
  });

  describe('of a kernel that lowers the clock of its core for 2 ms', () => {
    /** @param othersAt - how many times as long everything takes because of others */
    const visitLowering = async (othersAt: (ms: number) => number, clearShare = 0.03) => {
      let now = 0;
      let loweredUntil = 0;
      const model = (run: () => void): LoadedModel => ({ run, execute: () => [], close: () => undefined });
      const kernel = model(() => {
        now += 0.1 * othersAt(now);
        loweredUntil = now + 2;
      });
      const reference = model(() => {
        now += REFERENCE_MS * othersAt(now) * (now < loweredUntil ? 1.2 : 1);
      });
      const [quietMs, clearMs] = [1 + DEFAULT_POLICY.quietTolerance, 1 + clearShare].map((share) => share * REFERENCE_MS) as [
        number,
        number,
      ];
      const plan = { ...DEFAULT_POLICY, patienceMs: 12, quietMs, clearMs };
      const result = await visitModel(kernel, reference, { timer: new RunTimer(() => now), resolutionMs: 0 }, plan);
      return { ...result, wallMs: now, judged: judgeVisits([result.visit], REFERENCE_MS, DEFAULT_POLICY)[0]! };
    };

    it('rests once, and does not take the clock for noise', async () => {
      const { visit: measured, judged, waitedMs, wallMs } = await visitLowering(() => 1);
      expect(measured.firstProbeMs).toBeCloseTo(1.2 * REFERENCE_MS);
      expect(measured.restedMs).toBeCloseTo(REFERENCE_MS);
      expect(measured.slices).toHaveLength(DEFAULT_POLICY.slicesPerVisit);
      expect(waitedMs).toBe(0);
      expect(wallMs).toBeLessThan(8);
      for (const { accepted, medianMs, slowdown } of judged) {
        expect(accepted).toBe(true);
        expect(medianMs).toBeCloseTo(0.1, 9);
        expect(slowdown).toBeCloseTo(1, 9);
      }
      // Without the rest it is flagged, as it was.
      const blind = await visitLowering(() => 1, Number.POSITIVE_INFINITY);
      expect(blind.judged.some(({ accepted }) => accepted)).toBe(false);
    });

    it('still sees others, whose bursts it waits for', async () => {
      const { judged, waitedMs } = await visitLowering((ms) => (ms > 5 && ms < 9 ? 1.5 : 1));
      expect(waitedMs).toBeGreaterThan(2);
      for (const { accepted, medianMs } of judged) if (accepted) expect(medianMs).toBeCloseTo(0.1, 9);
      expect(judged.filter(({ accepted }) => !accepted).length).toBeGreaterThan(0);
      expect((await visitLowering(() => 1.5)).judged.some(({ accepted }) => accepted)).toBe(false);
    });
  });
});
