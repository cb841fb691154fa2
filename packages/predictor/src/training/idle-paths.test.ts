import { toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { withoutIdlePaths } from './idle-paths.ts';
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

  it('keeps the way that the measurements follow best, and takes the others away', () => {
    const named = (name: string, latencyOf: (row: readonly number[]) => number): ModelData => ({
      ...dataOf(latencyOf, [['TILED_FLOPS'], ['TILED_FLOPS_16']]),
      featureNames: ['FLOPS', 'BYTES', ...(name === 'TILED_FLOPS' ? ['TILED_FLOPS', 'TILED_FLOPS_16'] : ['TILED_FLOPS_16', 'TILED_FLOPS'])],
    });
    const kept = (data: ModelData) => [...withoutIdlePaths(data).values.slice(2, 4)].map((value) => value !== 0);
    const odd = [...rows].map((row, i) => [...row.slice(0, 3), 1 + (i % 2)]);
    const data = (name: string): ModelData => ({ ...named(name, byTiles), features: toFeatureMatrix(odd, 4) });
    expect(kept(data('TILED_FLOPS'))).toEqual([true, false]);
    expect(kept(data('TILED_FLOPS_16'))).toEqual([true, false]);
  });

  it('leaves features alone that are of no way', () => {
    const data = dataOf(byOperations);
    expect(withoutIdlePaths(data)).toBe(data.features);
  });
});
