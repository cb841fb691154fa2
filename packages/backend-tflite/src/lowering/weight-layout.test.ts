import { describe, expect, it } from 'vitest';
import { scaleChannels, transposeWeights } from './weight-layout.ts';

describe('transposeWeights', () => {
  it('turns rows into columns and scales each column', () => {
    expect(transposeWeights(Float32Array.of(1, 2, 3, 4, 5, 6), 3, Float64Array.of(1, 10, 100))).toEqual(
      Float32Array.of(1, 4, 20, 50, 300, 600),
    );
  });

  it.each([
    [31, 33],
    [32, 64],
    [65, 1],
    [1, 70],
  ])('does so for %i x %i, beyond a block', (rows, columns) => {
    const data = Float32Array.from({ length: rows * columns }, (_, index) => index);
    const expected = Array.from({ length: rows * columns }, (_, index) => (index % rows) * columns + Math.floor(index / rows));
    expect([...transposeWeights(data, columns)]).toEqual(expected);
  });
});

describe('scaleChannels', () => {
  it('scales the last dimension and leaves its argument alone', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    expect(scaleChannels(data, Float64Array.of(2, 3))).toEqual(Float32Array.of(2, 6, 6, 12));
    expect(data).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});
