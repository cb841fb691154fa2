import { expect, it } from 'vitest';
import { copyFeatures, rowVectors, splitVectors } from './row-vectors.ts';

/** Vectors of the rows one by one, and which of them end in another line than they begin in. */
function counted(rows: number, elements: number, floats: number): { vectors: number; split: number } {
  let vectors = 0;
  let split = 0;
  for (let row = 0; row < rows; row++) {
    for (let first = row * elements; first < (row + 1) * elements; first += floats) {
      vectors++;
      if (Math.floor(first / 16) !== Math.floor((first + floats - 1) / 16)) split++;
    }
  }
  return { vectors, split };
}

it.each([1, 2, 3, 8, 12, 16, 24, 33, 40, 64, 151])(
  'counts the vectors of rows of %d elements, and those on two lines of the cache',
  (elements) => {
    for (const floats of [4, 8, 16]) {
      const { vectors, split } = counted(16, elements, floats);
      expect(rowVectors(16, elements, floats)).toBe(vectors);
      expect(splitVectors(16, elements, floats)).toBe(split);
    }
  },
);

it('counts pieces that are copied, the lines that they fill and their vectors on two lines', () => {
  const { COPIES, LINES, SPLIT_LOADS } = copyFeatures<{ CIN: number }>(({ CIN }) => ({ rows: 16, elements: CIN }));
  const of = (CIN: number) => [COPIES, LINES, SPLIT_LOADS].map((feature) => feature!({ CIN }, { flops: 0, params: 0, bytes: 0 }));
  expect(of(64)).toEqual([16, 64, 0]);
  expect(of(65)).toEqual([16, 80, counted(16, 65, 8).split]);
  expect(of(65)[2]).toBeGreaterThan(16 * 3);
  expect(of(7)).toEqual([16, 16, 0]);
});
