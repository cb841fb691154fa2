import { describe, expect, it } from 'vitest';
import { DriftLog } from './drift.ts';

describe('DriftLog', () => {
  it('gives the share of the time that was quiet, however many probes were made in it', () => {
    const drift = new DriftLog(1, 0.03);
    // 90 quiet visits of 10 ms with 5 probes each, then one that waits for 100 ms and probes all the time.
    for (let visit = 1; visit <= 90; visit++) drift.add(10 * visit, [1, 1, 1, 1, 1]);
    drift.add(
      1000,
      Array.from({ length: 400 }, () => 1.8),
    );
    expect(drift.quietShare).toBeCloseTo(0.9, 6);
  });

  it('does not divide by the probes of a visit that had none', () => {
    const drift = new DriftLog(1, 0.03);
    expect(drift.quietShare).toBeNaN();
    drift.add(10, [Number.NaN]);
    drift.add(20, []);
    drift.add(30, [1, 2]);
    expect(drift.quietShare).toBeCloseTo(0.5, 6);
  });

  it('does not take the time for which a machine slept, or its process was stopped, for probing', () => {
    const drift = new DriftLog(1, 0.03);
    drift.add(100, [1, 1]);
    drift.add(3_600_000, Array(500).fill(1.5));
    expect(drift.quietShare).toBeGreaterThan(0);
    expect(drift.judge()).toEqual({ levelMs: 1, doubted: false });
    expect(drift.levelToKeep('now')).toMatchObject({ probedMs: 10_100 });
  });

  describe('of a short session after others that never came near the best known level', () => {
    const earlier = { since: '2026-01-01T00:00:00.000Z', hours: 2, sessions: 6, probes: 900, probedMs: 90_000 };
    const short = (probeMs: number, slower?: ConstructorParameters<typeof DriftLog>[2]) => {
      const drift = new DriftLog(1, 0.03, slower);
      for (let visit = 1; visit <= 20; visit++) drift.add(100 * visit, [probeMs, probeMs, probeMs]);
      return drift;
    };

    it('judges by the speed that it reaches, as a long session does', () => {
      expect(short(1.06).judge()).toEqual({ levelMs: 1, doubted: false });
      const { levelMs, doubted } = short(1.06, { ...earlier, levelMs: 1.05 }).judge();
      expect([levelMs, doubted]).toEqual([expect.closeTo(1.06, 2), false]);
    });

    it('is doubted where that is much slower', () => {
      const drift = short(1.4, { ...earlier, levelMs: 1.4 });
      expect(drift.judge().doubted).toBe(true);
      expect(drift.summarise({ measured: 3, contended: 3, flagged: 3 }).text).toContain(
        'never came near its best known speed (1.40 times slower)',
      );
    });

    it('is not, where those were faster than it is', () => {
      expect(short(1.09, { ...earlier, levelMs: 1.04 }).judge()).toEqual({ levelMs: 1, doubted: false });
    });
  });

  it('says for how long a CPU quota has stopped it', () => {
    const text = (stoppedMs: number) => new DriftLog(1, 0.03).summarise({ measured: 1, contended: 0, flagged: 0, stoppedMs }).text;
    expect(text(2340)).toBe("0 of 1 kernels measured under contention, 0 flagged; the container's CPU quota stopped it for 2.3 s.");
    expect(text(50)).not.toContain('quota');
  });
});
