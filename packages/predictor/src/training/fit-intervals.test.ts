import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { intervalAround } from '../predict/intervals.ts';
import { fitIntervals } from './fit-intervals.ts';

describe('fitIntervals', () => {
  it('holds at least the share of fresh rows that was asked for', () => {
    const rng = new Rng(3);
    const draw = (rows: number) => {
      const predicted = Float64Array.from({ length: rows }, () => 1 + 9 * rng.float());
      return { predicted, measured: predicted.map((ms) => ms * (0.8 + 0.4 * rng.float())) };
    };
    const fitted = draw(2000);
    const table = fitIntervals(fitted.measured, fitted.predicted, 'cross-validation');
    const fresh = draw(4000);
    for (const coverage of [0.25, 0.5, 0.8, 0.9, 0.93, 0.95, 0.99]) {
      const held = fresh.predicted.filter((predicted, row) => {
        const { lowMs, highMs } = intervalAround(table, predicted, coverage);
        return lowMs <= fresh.measured[row]! && fresh.measured[row]! <= highMs;
      });
      expect(held.length / 4000, `${coverage}`).toBeGreaterThan(coverage - 0.02);
      expect(held.length / 4000, `${coverage}`).toBeLessThan(coverage + 0.08);
    }
  });

  it('does not depend on the order of the rows', () => {
    const predicted = Float64Array.from({ length: 400 }, (_, i) => 1 + (i % 3));
    const measured = predicted.map((ms, i) => ms * (1 + (i % 17) / 100));
    const table = fitIntervals(measured, predicted, 'out-of-bag');
    expect(fitIntervals(measured.toReversed(), predicted.toReversed(), 'out-of-bag')).toEqual(table);
  });
});
