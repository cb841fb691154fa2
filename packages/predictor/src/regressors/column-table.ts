import { type FeatureMatrix, InvalidArgumentError } from '@nnm/core';
import { MAX_FEATURES } from '../predict/tree-ensemble.ts';

/** Features column by column in 32-bit floats (what the trees compare), with the rows of every column in ascending order. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: number;
  /** Value of row `r` in column `c` at `c * rows + r`. */
  readonly values: Float32Array;
  /** Rows in ascending order of column `c` at `c * rows ...`; equal values keep their order. */
  readonly sorted: Int32Array;
  /** The same values row by row, for predictions of training rows. */
  readonly byRow: Float32Array;
}

/**
 * Sort every column once; all trees of an ensemble share the result.
 *
 * @throws {@link InvalidArgumentError} when there is no row, no column, or too many columns
 */
export function buildColumnTable(features: FeatureMatrix): ColumnTable {
  const { rows, columns } = features;
  if (rows < 1) throw new InvalidArgumentError({ name: 'features.rows', expected: 'at least 1', got: rows });
  if (columns < 1 || columns > MAX_FEATURES) {
    throw new InvalidArgumentError({ name: 'features.columns', expected: `between 1 and ${MAX_FEATURES}`, got: columns });
  }
  const byRow = Float32Array.from(features.values.subarray(0, rows * columns));
  const values = new Float32Array(rows * columns);
  const sorted = new Int32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const one = values.subarray(column * rows, (column + 1) * rows);
    for (let row = 0; row < rows; row++) one[row] = byRow[row * columns + column]!;
    const order = sorted.subarray(column * rows, (column + 1) * rows);
    for (let row = 0; row < rows; row++) order[row] = row;
    order.sort((a, b) => one[a]! - one[b]! || a - b);
  }
  return { rows, columns, values, sorted, byRow };
}
