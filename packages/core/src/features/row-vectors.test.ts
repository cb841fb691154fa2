import { expect, it } from 'vitest';
import { rowVectors, splitVectors } from './row-vectors.ts';

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
