import { toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { pathErrors, withoutIdlePaths } from './idle-paths.ts';
import type { ModelData } from './model-data.ts';

/** FLOPS, BYTES, TILED_FLOPS and a flag of the way: whole tiles of 7 of a number of operations. */
const rows = Array.from({ length: 60 }, (_, i) => {
  const flops = 1e6 * (1 + (i % 12));
  return [flops, 1e5 * (1 + (i % 5)), 7e6 * Math.ceil(flops / 7e6), i % 2];
});

const dataOf = (latencyOf: (row: readonly number[]) => number, pathFeatures?: readonly (readonly string[])[]): ModelData => ({
  featureNames: ['FLOPS', 'BYTES', 'TILED_FLOPS', 'BLOCKED'],
  ...(pathFeatures && { pathFeatures }),
  features: toFeatureMatrix(rows, 4),
  latenciesMs: Float64Array.from(rows, latencyOf),
});
const byTiles = ([, bytes, tiled]: readonly number[]): number => 0.01 + 1e-8 * tiled! + 1e-8 * bytes!;
const byOperations = ([flops, bytes]: readonly number[]): number => 0.01 + 1e-8 * flops! + 1e-8 * bytes!;
const PATHS = [['TILED_FLOPS', 'BLOCKED']];

describe('withoutIdlePaths', () => {
  it('keeps the features of a way that the measurements follow', () => {
    const data = dataOf(byTiles, PATHS);
    expect(withoutIdlePaths(data)).toBe(data.features);
  });

  it('takes them away, and only them, where the measurements do not', () => {
    const data = dataOf(byOperations, PATHS);
    const { values } = withoutIdlePaths(data);
    expect([...values.slice(0, 4)]).toEqual([rows[0]![0], rows[0]![1], 0, 0]);
    expect([...data.features.values.slice(0, 4)]).toEqual(rows[0]);
  });

  it('keeps them where most of the error is of other kinds, as long as the way explains a fifth of it', () => {
    const scattered = (by: number): ModelData => {
      const data = dataOf(byTiles, PATHS);
      return { ...data, latenciesMs: data.latenciesMs.map((latencyMs, row) => latencyMs * ((row * 7) % 3 === 0 ? 1 + by : 1)) };
    };
    const [explained, hardly] = [scattered(0.45), scattered(0.5)];
    expect([...pathErrors(explained), ...pathErrors(hardly)]).toEqual([expect.closeTo(0.816, 3), expect.closeTo(0.836, 3)]);
    expect(withoutIdlePaths(explained)).toBe(explained.features);
    expect(withoutIdlePaths(hardly)).not.toBe(hardly.features);
  });

  it.each([
    ['first', ['TILED_FLOPS', 'TILED_FLOPS_16']],
    ['last', ['TILED_FLOPS_16', 'TILED_FLOPS']],
  ])('keeps the way that measurements follow best, also when it is the %s of two that they follow', (_, order) => {
    // What takes 2.5 % more or less than whole tiles is followed too, less closely.
    const near = rows.map(([flops, bytes, tiled], i) => [flops!, bytes!, tiled!, tiled! * (1 + (i % 2 ? 0.025 : -0.025))]);
    const data: ModelData = {
      ...dataOf(
        byTiles,
        order.map((name) => [name]),
      ),
      featureNames: ['FLOPS', 'BYTES', 'TILED_FLOPS', 'TILED_FLOPS_16'],
      features: toFeatureMatrix(near, 4),
    };
    // Alone, each of them is followed.
    for (const kept of [2, 3]) {
      const only = near.map((row) => [...row.slice(0, 2), row[kept]!, 0]);
      const one = { ...data, pathFeatures: [['TILED_FLOPS']], features: toFeatureMatrix(only, 4) };
      expect(withoutIdlePaths(one)).toBe(one.features);
    }
    expect([...withoutIdlePaths(data).values.slice(2, 4)].map((value) => value !== 0)).toEqual([true, false]);
  });

  it('leaves features alone that are of no way', () => {
    const data = dataOf(byOperations);
    expect(withoutIdlePaths(data)).toBe(data.features);
  });
});
