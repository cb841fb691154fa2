import { InvalidArgumentError } from '../errors/index.ts';

/** Rows of features, row-major: row `i` is `values[i * columns ... (i + 1) * columns)`. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/**
 * Feature vectors as one row-major matrix.
 *
 * @param columns - length of every vector
 * @throws {@link InvalidArgumentError} naming the row whose length differs
 */
export function toFeatureMatrix(vectors: readonly ArrayLike<number>[], columns: number): FeatureMatrix {
  const values = new Float64Array(vectors.length * columns);
  for (let row = 0; row < vectors.length; row++) {
    const vector = vectors[row]!;
    if (vector.length !== columns) {
      throw new InvalidArgumentError({ name: `features[${row}]`, expected: `${columns} numbers`, got: `${vector.length} numbers` });
    }
    for (let column = 0; column < columns; column++) values[row * columns + column] = vector[column]!;
  }
  return { rows: vectors.length, columns, values };
}

/** The rows of a matrix with these indices, in their order. */
export function selectRows(matrix: FeatureMatrix, indices: readonly number[]): FeatureMatrix {
  const { columns } = matrix;
  const values = new Float64Array(indices.length * columns);
  indices.forEach((row, i) => {
    values.set(matrix.values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { rows: indices.length, columns, values };
}
