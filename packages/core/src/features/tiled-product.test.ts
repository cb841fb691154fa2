import { expect, it } from 'vitest';
import { AVX2, AVX512, stepFlops, tiledProductFlops } from './tiled-product.ts';

const needed = (rows: number, columns: number, summed: number): number => 2 * rows * columns * summed;
const share = (rows: number, columns: number, summed: number): number =>
  needed(rows, columns, summed) / tiledProductFlops({ rows, columns, summed }, AVX2);

it('counts what is needed and the writing of results where whole tiles fit', () => {
  expect(tiledProductFlops({ rows: 6, columns: 16, summed: 100 }, AVX2)).toBe(needed(6, 16, 106));
  expect(tiledProductFlops({ rows: 60, columns: 160, summed: 100 }, AVX2)).toBe(needed(60, 160, 106));
});

it('counts as much for few rows as a step takes at least', () => {
  expect(stepFlops(1, AVX2)).toBe(stepFlops(7, AVX2));
  expect(stepFlops(12, AVX2)).toBe((12 / 7) * stepFlops(7, AVX2));
  expect(tiledProductFlops({ rows: 1, columns: 16, summed: 100 }, AVX2)).toBe(
    tiledProductFlops({ rows: 3, columns: 16, summed: 100 }, AVX2) * (7 / 7),
  );
});

it('finds products with remainders and short sums slower, per operation', () => {
  expect(share(8, 160, 100)).toBeLessThan(share(12, 160, 100));
  expect(share(12, 17, 100)).toBeLessThan(share(12, 16, 100));
  expect(share(12, 16, 8)).toBeLessThan(share(12, 16, 100));
});

it('counts a product with a vector by the elements of the matrix', () => {
  const one = (rows: number, summed: number): number => tiledProductFlops({ rows, columns: 1, summed }, AVX2);
  expect(one(40, 100)).toBe(one(100, 40));
  expect(one(80, 100)).toBe(2 * one(40, 100));
});

it('counts wider vectors and larger tiles of 512 bits', () => {
  const product = { rows: 12, columns: 32, summed: 100 };
  expect(tiledProductFlops(product, AVX512)).toBe(needed(12, 32, 106));
  expect(tiledProductFlops({ ...product, columns: 33 }, AVX512)).toBeGreaterThan(tiledProductFlops({ ...product, columns: 33 }, AVX2));
  expect(stepFlops(1, AVX512)).toBe(2 * 16 * AVX512.step);
});
