/**
 * Solve `matrix * x = right` for a symmetric positive definite matrix, given row by row.
 *
 * @param smallestPivot - as a share of its diagonal element; below it an unknown is taken for a combination of the ones before
 * @returns undefined when there is such an unknown, or the matrix is not positive definite
 */
export function solvePositiveDefinite(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
  smallestPivot: number,
): number[] | undefined {
  const lower = choleskyFactor(matrix, smallestPivot);
  if (lower === undefined) return undefined;
  const size = right.length;
  const forward: number[] = [];
  for (let i = 0; i < size; i++) {
    let value = right[i]!;
    for (let k = 0; k < i; k++) value -= lower[i]![k]! * forward[k]!;
    forward.push(value / lower[i]![i]!);
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let value = forward[i]!;
    for (let k = i + 1; k < size; k++) value -= lower[k]![i]! * solution[k]!;
    solution[i] = value / lower[i]![i]!;
  }
  return solution;
}

/** The lower triangle whose product with its transpose is the matrix; undefined when the matrix is not positive definite. */
export function choleskyFactor(matrix: readonly (readonly number[])[], smallestPivot = 1e-12): number[][] | undefined {
  const lower: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row: number[] = [];
    lower.push(row);
    for (let j = 0; j <= i; j++) {
      let value = matrix[i]![j]!;
      for (let k = 0; k < j; k++) value -= row[k]! * lower[j]![k]!;
      if (i !== j) row.push(value / lower[j]![j]!);
      else if (value > smallestPivot * Math.abs(matrix[i]![i]!)) row.push(Math.sqrt(value));
      else return undefined;
    }
  }
  return lower;
}
