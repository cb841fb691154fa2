/** Vectors of a processor, and the tiles in which runtimes multiply matrices with them. */
export interface VectorUnit {
  /** Floats in a vector. */
  readonly floats: number;
  /** Rows and columns of a result that a matrix product computes at once. */
  readonly tile: { readonly rows: number; readonly columns: number };
  /** Multiply-adds of vectors that one step of a sum has time for, however few it has: each waits for the one before it. */
  readonly step: number;
}

/** Vectors of 256 bits. */
export const AVX2: VectorUnit = { floats: 8, tile: { rows: 6, columns: 16 }, step: 7 };
/** Vectors of 512 bits. */
export const AVX512: VectorUnit = { floats: 16, tile: { rows: 12, columns: 32 }, step: 5 };

/** Steps that a tile has time for while its results are written. */
const RESULT = 6;
/** Results, in vectors, per step of a product with a vector, which reads every element of the matrix once. */
const VECTOR_RESULTS = 4;

/** A product of a matrix `[rows, summed]` and a matrix `[summed, columns]`; sizes in elements. */
export interface MatrixProduct {
  readonly rows: number;
  readonly columns: number;
  readonly summed: number;
}

/** Operations, 2 per multiply-add, that there is time for during one step of a sum for so many vectors of results. */
export const stepFlops = (vectors: number, { floats, step }: VectorUnit): number => 2 * floats * Math.max(step, vectors);

/** For so many columns of some rows: two vectors of columns at once, the last may be one. */
function columnsFlops(columns: number, rows: number, unit: VectorUnit): number {
  const { floats, tile } = unit;
  const left = columns % tile.columns;
  const whole = Math.floor(columns / tile.columns) * stepFlops((rows * tile.columns) / floats, unit);
  return whole + (left > 0 ? stepFlops(rows * Math.ceil(left / floats), unit) : 0);
}

/**
 * Operations, 2 per multiply-add, that a processor has time for while a matrix product is computed in tiles: what is left over at the edges
 * takes as long as whole vectors, short sums as long as writing their results does.
 *
 * @example tiledProductFlops({ rows: 6, columns: 16, summed: 100 }, AVX2) // 20352 for 19200 that are needed
 */
export function tiledProductFlops({ rows, columns, summed }: MatrixProduct, unit: VectorUnit): number {
  const { floats, tile } = unit;
  if (columns === 1) return (summed * rows * stepFlops(1, unit)) / (VECTOR_RESULTS * floats);
  const left = rows % tile.rows;
  const step = Math.floor(rows / tile.rows) * columnsFlops(columns, tile.rows, unit) + (left > 0 ? columnsFlops(columns, left, unit) : 0);
  return (summed + RESULT) * step;
}
