import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../policy.ts';
import { checkClock } from './clock-check.ts';
import { RunTimer } from './timing.ts';
import { visitModel } from './visit.ts';

/** A machine whose real time is `real()`; a run takes `runMs` of it, reading a clock 1 µs. */
function machine(runMs: number) {
  let now = 1000;
  const real = (): number => {
    now += 0.001;
    return now;
  };
  const run = (): void => {
    now += runMs;
  };
  return { real, run, check: (clock: () => number) => checkClock(clock, run, real) };
}

describe('checkClock', () => {
  it('finds nothing wrong with a fine clock', async () => {
    const { check, real } = machine(0.2);
    const { resolutionMs, rate, notes, ticksWhenIdle } = await check(real);
    expect(resolutionMs).toBeLessThan(0.01);
    expect(rate).toBeCloseTo(1, 1);
    expect(ticksWhenIdle).toBe(true);
    expect(notes).toEqual([]);
  });

  it.each([0.1, 1, 16])('finds steps of %d ms, of a clock that ticks by itself', async (stepMs) => {
    const { check, real } = machine(0.37);
    expect((await check(() => Math.floor(real() / stepMs) * stepMs)).resolutionMs).toBeCloseTo(stepMs, 3);
  });

  it('says what large steps of a clock mean, and calls it coarse, not still', async () => {
    let now = 0;
    const report = await checkClock(
      () => Math.floor(now / 50) * 50,
      () => {
        now += 0.3;
      },
    );
    expect(report.resolutionMs).toBe(50);
    expect(report.notes).toContainEqual(expect.stringMatching(/counts in steps of 50 ms: fast kernels are timed in long batches/));
  });

  it('finds steps of a clock that counts only while models run', async () => {
    let device = 0;
    let reported = 0;
    const durations = [3.4, 2.2, 4.1, 3.3, 2.9, 3.6, 2.1, 4.4];
    const run = (): void => {
      device += durations[Math.round(device) % durations.length]!;
      reported = Math.round(device);
    };
    const report = await checkClock(() => reported, run);
    expect(report).toMatchObject({ resolutionMs: 1, ticksWhenIdle: false });
  });

  it('does not take the exact times of a simulator for steps', async () => {
    let now = 0;
    const times = [0.05, 0.09, 0.05, 0.0501];
    const run = (): void => {
      now += times[Math.round(now * 1000) % times.length]!;
    };
    const report = await checkClock(() => now, run);
    expect(report.resolutionMs).toBeLessThan(0.001);
    expect(report.notes).toEqual([expect.stringMatching(/its latencies are simulated, or not in milliseconds\.$/)]);
  });

  it.each([
    ['stands still', () => 0, /stands still: it read the same before and after \d+ runs/],
    ['is not a number', () => undefined as unknown as number, /read undefined, which is not a time/],
    ['is a bigint', () => process.hrtime.bigint() as unknown as number, /which is not a time/],
    ['is NaN', () => Number.NaN, /read NaN/],
    ['is infinite', () => Number.POSITIVE_INFINITY, /read Infinity/],
  ])('refuses a clock that %s', async (_, clock, message) => {
    await expect(machine(0.3).check(clock)).rejects.toMatchObject({ code: 'ERR_RUNTIME_CLOCK', message: expect.stringMatching(message) });
  });

  it('refuses a clock that runs backwards, and one that counts seconds, microseconds or nanoseconds', async () => {
    for (const [factor, message] of [
      [-1, /went back by/],
      [1e-3, /must count milliseconds/],
      [1e3, /must count milliseconds/],
      [1e6, /must count milliseconds/],
    ] as const) {
      const { check, real } = machine(0.3);
      await expect(check(() => factor * real())).rejects.toThrow(message);
    }
  });

  it('says what the runtime throws', async () => {
    await expect(checkClock(Date.now, () => Promise.reject(new Error('The device is gone.')))).rejects.toThrow('The device is gone.');
  });
});

describe('a visit with a clock that was good when it was checked', () => {
  const visit = (clock: () => number, run: () => void | Promise<void>) =>
    visitModel(
      { run, execute: () => [], close: () => undefined },
      undefined,
      { timer: new RunTimer(clock), resolutionMs: 0 },
      { ...DEFAULT_POLICY, patienceMs: 100, quietMs: Number.POSITIVE_INFINITY, clearMs: Number.POSITIVE_INFINITY },
    );

  it('times many runs together when it turns out to count in steps, and says how fine that is', async () => {
    for (const stepMs of [1, 16]) {
      let now = 0;
      const { visit: measured } = await visit(
        () => Math.floor(now / stepMs) * stepMs,
        () => {
          now += 0.113;
        },
      );
      expect(measured.slices.length).toBeGreaterThan(1);
      for (const slice of measured.slices) {
        // A slice is as long as a quarter of a turn: a step more or less is all that it can be wrong by.
        expect(Math.abs(slice.medianMs - 0.113)).toBeLessThanOrEqual(slice.stepMs! + 1e-6);
        expect(slice.stepMs! / 0.113).toBeLessThan(stepMs === 1 ? 0.05 : 0.7);
      }
    }
  });

  it.each([50, 400])('times ever more runs together until they take several of its steps of %d ms', async (stepMs) => {
    // Whenever the first step comes: what warming up says of one run may be wrong by any factor.
    for (const beforeStepMs of [0.05, 1, stepMs / 2]) {
      let now = stepMs - beforeStepMs;
      const { visit: measured } = await visit(
        () => Math.floor(now / stepMs) * stepMs,
        () => {
          now += 0.113;
        },
      );
      for (const slice of measured.slices) {
        expect(Math.abs(slice.medianMs - 0.113)).toBeLessThanOrEqual(slice.stepMs! + 1e-6);
        expect(slice.stepMs! / 0.113).toBeLessThan(0.35);
      }
    }
  });

  it.each([
    ['stops', (runs: number) => Math.min(runs, 20), /stands still/],
    ['goes back', (runs: number) => (runs < 20 ? runs : 5), /went back by [\d.]+ ms/],
    ['is lost', (runs: number) => (runs < 20 ? runs : Number.NaN), /read NaN/],
  ])('fails the kernel when it %s', async (_, readAfter, message) => {
    for (const asynchronous of [false, true]) {
      let runs = 0;
      const run = (): void => void runs++;
      await expect(visit(() => readAfter(runs) / 10, asynchronous ? async () => run() : run)).rejects.toMatchObject({
        code: 'ERR_RUNTIME_CLOCK',
        message: expect.stringMatching(message),
      });
    }
  });
});
