import { describe, expect, it } from 'vitest';
import { mean, median, populationDeviation, quantile, quantileOfSorted, sampleDeviation } from './index.ts';

describe('quantile', () => {
  it('interpolates between neighbours, whatever their order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30], 0.1)).toBe(12);
    expect(quantileOfSorted([1, 2, 4], 0.75)).toBe(3);
    expect(median([7])).toBe(7);
    expect(median(Float64Array.of(10, 9, 100))).toBe(10);
  });

  it('is unknown of nothing, and leaves its argument alone', () => {
    expect(quantile([], 0.5)).toBeNaN();
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('deviations', () => {
  it('agree with a calculation by hand', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(populationDeviation(values)).toBe(2);
    expect(sampleDeviation(values)).toBeCloseTo(2.13809, 5);
  });

  it('of one value are 0 where it is all there is, and unknown where it is a sample', () => {
    expect(populationDeviation([3])).toBe(0);
    expect(sampleDeviation([3])).toBeNaN();
    expect([mean([]), populationDeviation([]), sampleDeviation([])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
