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
});
