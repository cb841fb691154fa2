import { expect, it } from 'vitest';
import { Rng } from '../random/index.ts';
import { buildHistogram, drawFromHistogram } from './histogram.ts';

it('counts values in bins of equal width, the last one closed', () => {
  const { edges, cumulative } = buildHistogram([0, 1, 2, 3, 4, 4, 4, 4], 4);
  expect(edges).toEqual([0, 1, 2, 3, 4]);
  expect(cumulative).toEqual([0, 1 / 8, 2 / 8, 3 / 8, 1]);
});

it('has 40 bins unless told otherwise', () => {
  expect(buildHistogram([1, 2, 3]).edges).toHaveLength(41);
});

it('draws in proportion to the bins and never from an empty one', () => {
  const histogram = buildHistogram([0, 10, 10, 10], 10);
  const rng = new Rng(1);
  const draws = Array.from({ length: 10_000 }, () => drawFromHistogram(histogram, rng));
  const low = draws.filter((value) => value < 1).length;
  expect(low + draws.filter((value) => value >= 9 && value <= 10).length).toBe(10_000);
  expect(low / 10_000).toBeCloseTo(0.25, 1);
});

it('gives the only value there is', () => {
  expect(drawFromHistogram(buildHistogram([7, 7]), new Rng(1))).toBe(7);
});
