/** Floats in a 256-bit vector. */
const VECTOR = 8;
/** Rows and columns of a result that a matrix product computes at once. */
const TILE = { rows: 6, columns: 16 };
/** Multiply-adds of vectors that one step of a sum has time for, however few it has: each waits for the one before it. */
const STEP = 7;
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

/** Operations, 2 per multiply-add, that there is time for during one step of a sum for so many vectors of 8 results. */
export const stepFlops = (vectors: number): number => 2 * VECTOR * Math.max(STEP, vectors);

/** For so many columns of some rows: two vectors of columns at once, the last may be one. */
function columnsFlops(columns: number, rows: number): number {
  const left = columns % TILE.columns;
  const whole = Math.floor(columns / TILE.columns) * stepFlops((rows * TILE.columns) / VECTOR);
  return whole + (left > 0 ? stepFlops(rows * Math.ceil(left / VECTOR)) : 0);
}

/**
 * Operations, 2 per multiply-add, that a processor with vectors of 8 floats has time for while a matrix product is computed in tiles of 6
 * rows and 16 columns: what is left over at the edges takes as long as whole vectors, short sums as long as writing their results does.
 *
 * @example tiledProductFlops({ rows: 6, columns: 16, summed: 100 }) // 20352 for 19200 that are needed
 */
export function tiledProductFlops({ rows, columns, summed }: MatrixProduct): number {
  if (columns === 1) return (summed * rows * stepFlops(1)) / (VECTOR_RESULTS * VECTOR);
  const left = rows % TILE.rows;
  const step = Math.floor(rows / TILE.rows) * columnsFlops(columns, TILE.rows) + (left > 0 ? columnsFlops(columns, left) : 0);
  return (summed + RESULT) * step;
}
