import { describe, expect, it } from 'vitest';
import { median, quantile, standardDeviation } from './robust-statistics.ts';

describe('quantile', () => {
  it('interpolates between neighbours, whatever their order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30], 0.1)).toBe(12);
    expect(median([7])).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('standardDeviation', () => {
  it('is that of a sample', () => {
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.13809, 5);
    expect(standardDeviation([3])).toBe(0);
  });
});
