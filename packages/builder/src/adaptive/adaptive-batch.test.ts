import { Rng } from '@nnm/core';
import { expect, it } from 'vitest';
import { drawBatch } from './adaptive-batch.ts';

const at = (x: number, score: number) => ({ point: [x], score });

it('draws different candidates, all of them when there are no more', () => {
  const candidates = [at(0, 1), at(0, 1), at(5, 0), at(9, 2)];
  expect([...drawBatch(candidates, 10, new Rng(1))].sort()).toEqual([0, 1, 2, 3]);
  expect(new Set(drawBatch(candidates, 3, new Rng(2))).size).toBe(3);
  expect(drawBatch([], 3, new Rng(1))).toEqual([]);
});

it('prefers high scores: twice the score, four times as often', () => {
  const candidates = [at(0, 1), at(100, 2)];
  const rng = new Rng(3);
  const draws = Array.from({ length: 4000 }, () => drawBatch(candidates, 1, rng)[0]);
  expect(draws.filter((index) => index === 1).length / 4000).toBeCloseTo(0.8, 1);
});

it('spreads out: of two equal neighbours and one far away, it takes one of each', () => {
  const candidates = [at(0, 1), at(0.01, 1), at(3, 1)];
  const rng = new Rng(4);
  const draws = Array.from({ length: 200 }, () => drawBatch(candidates, 2, rng));
  const both = draws.filter((drawn) => !drawn.includes(2)).length;
  // Without spreading one third of the pairs would be the two neighbours.
  expect(both).toBeLessThan(10);
});

it('gives the same batch for the same seed', () => {
  const candidates = Array.from({ length: 50 }, (_, i) => at(i / 7, 1 + (i % 5)));
  expect(drawBatch(candidates, 20, new Rng(5))).toEqual(drawBatch(candidates, 20, new Rng(5)));
  expect(drawBatch(candidates, 20, new Rng(6))).not.toEqual(drawBatch(candidates, 20, new Rng(5)));
});
