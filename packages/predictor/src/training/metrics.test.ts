import { describe, expect, it } from 'vitest';
import { computeCeiling, computeMetrics } from './metrics.ts';

describe('computeMetrics', () => {
  it('agrees with a calculation by hand', () => {
    const metrics = computeMetrics([1, 2, 4, 10], [1.04, 2.16, 4.5, 5]);
    expect(metrics.rows).toBe(4);
    expect(metrics.rmseMs).toBeCloseTo(Math.sqrt((0.04 ** 2 + 0.16 ** 2 + 0.5 ** 2 + 25) / 4), 12);
    expect(metrics.rmspe).toBeCloseTo(Math.sqrt((0.04 ** 2 + 0.08 ** 2 + 0.125 ** 2 + 0.5 ** 2) / 4), 12);
    expect([metrics.acc5, metrics.acc10, metrics.acc15]).toEqual([0.25, 0.5, 0.75]);
    expect(metrics.medianError).toBeCloseTo(0.08, 12);
    expect(metrics.worstDecile).toBeCloseTo(0.5, 12);
  });

  it('averages the worst tenth', () => {
    const latencies = Array.from({ length: 20 }, () => 1);
    const predictions = latencies.map((_, i) => (i < 18 ? 1 : i === 18 ? 1.3 : 1.5));
    expect(computeMetrics(latencies, predictions)).toMatchObject({ acc5: 0.9, medianError: 0 });
    expect(computeMetrics(latencies, predictions).worstDecile).toBeCloseTo(0.4, 12);
  });

  it('refuses lists that do not belong together', () => {
    expect(() => computeMetrics([1, 2], [1])).toThrow(/`predictionsMs` must be one prediction for each/);
    expect(() => computeMetrics([], [])).toThrow(/at least one latency/);
  });
});

describe('computeCeiling', () => {
  it('is the chance that a label lies near its true value', () => {
    // A spread of 10 % puts 68.27 % of labels within ±10 %, 38.29 % within ±5 %, 86.64 % within ±15 %.
    const ceiling = computeCeiling([1, 2], [0.1, 0.2])!;
    expect(ceiling.acc10).toBeCloseTo(0.6827, 4);
    expect(ceiling.acc5).toBeCloseTo(0.3829, 4);
    expect(ceiling.acc15).toBeCloseTo(0.8664, 4);
  });

  it('leaves out rows whose spread is unknown, and says nothing without any', () => {
    expect(computeCeiling([1, 2], [0, Number.NaN])).toEqual({ rows: 1, acc5: 1, acc10: 1, acc15: 1 });
    expect(computeCeiling([1], [Number.NaN])).toBeUndefined();
  });
});
