import { DrawnTensor, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import type { LazyBytes } from '../flatbuffer/table.ts';
import { scaleChannels, weightsByFilter } from './weight-layout.ts';

const draw = (...shape: number[]) => new DrawnTensor(shape, { center: 0, spread: 1 }, new Rng(1));

function floatsOf(bytes: LazyBytes): readonly number[] {
  const written = new Uint8Array(bytes.length);
  bytes.write(written);
  return [...new Float32Array(written.buffer)];
}

/** `[rows, columns]` by its definition, columns first and scaled. */
function expectedOf(kernel: DrawnTensor, scale: readonly number[]): readonly number[] {
  const columns = scale.length;
  const rows = kernel.length / columns;
  return scale.flatMap((factor, column) =>
    Array.from({ length: rows }, (_, row) => Math.fround((kernel.data[row * columns + column] as number) * factor)),
  );
}

describe('weightsByFilter', () => {
  it.each([[[1, 1, 3, 4]], [[3, 3, 5, 7]], [[260, 300]], [[1, 70]]])('turns %j into rows of one filter each', (shape) => {
    const kernel = draw(...shape);
    const filters = shape.at(-1) as number;
    expect(floatsOf(weightsByFilter(kernel, undefined))).toEqual(expectedOf(kernel, Array(filters).fill(1)));
    const scale = Array.from({ length: filters }, (_, filter) => 0.3 + filter);
    expect(floatsOf(weightsByFilter(kernel, Float64Array.from(scale)))).toEqual(expectedOf(kernel, scale));
  });

  it('gives the filters of one group', () => {
    const kernel = draw(3, 3, 2, 6);
    const scale = [1, 2, 3, 4, 5, 6];
    const groups = [0, 1, 2].map((index) => floatsOf(weightsByFilter(kernel, Float64Array.from(scale), { index, count: 3 })));
    expect(groups.map(({ length }) => length)).toEqual([36, 36, 36]);
    expect(groups.flat()).toEqual(expectedOf(kernel, scale));
    expect([0, 1, 2].flatMap((index) => floatsOf(weightsByFilter(kernel, undefined, { index, count: 3 })))).toEqual(
      expectedOf(kernel, Array(6).fill(1)),
    );
  });
});

describe('scaleChannels', () => {
  it('scales the last dimension and leaves its argument alone', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    expect(scaleChannels(data, Float64Array.of(2, 3))).toEqual(Float32Array.of(2, 6, 6, 12));
    expect(data).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});
