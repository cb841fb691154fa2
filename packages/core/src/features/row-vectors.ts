import type { KernelConfig } from '../kernel/index.ts';
import { greatestCommonDivisor } from '../math/greatest-common-divisor.ts';
import type { Feature } from './config-feature-parser.ts';

/** Floats in a line of the cache. */
export const LINE_FLOATS = 16;

/** Vectors of `floats` floats that rows of so many elements take, each row by itself. */
export const rowVectors = (rows: number, elements: number, floats: number): number => rows * Math.ceil(elements / floats);

/**
 * Of the {@link rowVectors} of rows that lie one behind the other, those that begin within one line of the cache and end in the next, so that both are
 * read: none where a row is a whole number of lines.
 *
 * @param floats - of a vector: 4, 8 or 16
 * @example splitVectors(10, 24, 16) // 10: every other row begins in the middle of a line, and so do its two vectors
 */
export function splitVectors(rows: number, elements: number, floats: number): number {
  // Rows begin at every multiple of `step` in a line equally often, and every `phases`-th vector of a row where its first one does.
  const step = greatestCommonDivisor(elements, LINE_FLOATS);
  const phases = LINE_FLOATS / floats;
  const vectors = Math.ceil(elements / floats);
  let split = 0;
  for (let start = 0; start < LINE_FLOATS; start += step) {
    for (let phase = 0; phase < phases; phase++) {
      const first = (start + phase * floats) % LINE_FLOATS;
      if (first + floats > LINE_FLOATS) split += Math.ceil((vectors - phase) / phases);
    }
  }
  return (rows * split * step) / LINE_FLOATS;
}

/** Loops of so many elements each. */
export interface Loops {
  readonly rows: number;
  readonly elements: number;
}

/**
 * What loops over rows take that a runtime computes by vectors of 8 floats, and of 16 (names with `_16`): `XNN_VECTORS` and `SPLIT_LOADS`, each a way of
 * computing that measurements follow or do not.
 */
export function loopFeatures<C extends KernelConfig>(loopsOf: (config: C) => Loops): readonly Readonly<Record<string, Feature<C>>>[] {
  const way = (floats: number, suffix: string): Readonly<Record<string, Feature<C>>> => {
    const of =
      (count: typeof rowVectors): Feature<C> =>
      (config) => {
        const { rows, elements } = loopsOf(config);
        return count(rows, elements, floats);
      };
    return { [`XNN_VECTORS${suffix}`]: of(rowVectors), [`SPLIT_LOADS${suffix}`]: of(splitVectors) };
  };
  return [way(8, ''), way(16, '_16')];
}

/** Floats that a copy moves at once. */
const COPY_FLOATS = 8;

/**
 * What it takes to copy pieces one by one: `COPIES`, how many there are, `LINES` of the cache that each of them fills, and `SPLIT_LOADS`, of their
 * vectors those that lie on two lines, where the pieces are one behind the other: a copy of 65 floats takes half as long again as one of 64.
 *
 * @param piecesOf - how many, and of how many elements
 */
export function copyFeatures<C extends KernelConfig>(piecesOf: (config: C) => Loops): Readonly<Record<string, Feature<C>>> {
  return {
    COPIES: (config) => piecesOf(config).rows,
    LINES: (config) => {
      const { rows, elements } = piecesOf(config);
      return rowVectors(rows, elements, LINE_FLOATS);
    },
    SPLIT_LOADS: (config) => {
      const { rows, elements } = piecesOf(config);
      return elements < COPY_FLOATS ? 0 : splitVectors(rows, elements, COPY_FLOATS);
    },
  };
}
