/** Pivots below this share of their diagonal element are taken for nothing. */
const SMALLEST_PIVOT = 1e-12;

/**
 * A system `matrix * x = right` with a symmetric positive definite matrix that grows by one unknown and shrinks by the last one, so that many systems
 * with the same first unknowns are solved at little more than the cost of one.
 */
export class GrowingSystem {
  /** The lower triangle whose product with its transpose is the matrix, row by row. */
  readonly lower: number[][] = [];
  private readonly forward: number[] = [];

  /** @param smallestPivot - as a share of its diagonal element; below it an unknown is taken for a combination of the ones before */
  constructor(private readonly smallestPivot = SMALLEST_PIVOT) {}

  /**
   * Add an unknown.
   *
   * @param row - its row of the matrix up to the diagonal
   * @returns false, and nothing is added, when it is a combination of the unknowns before or the matrix is not positive definite
   */
  push(row: readonly number[], right: number): boolean {
    const { lower, forward } = this;
    const size = lower.length;
    const next: number[] = [];
    for (let j = 0; j <= size; j++) {
      let value = row[j]!;
      const other = j < size ? lower[j]! : next;
      for (let k = 0; k < j; k++) value -= next[k]! * other[k]!;
      if (j < size) next.push(value / other[j]!);
      else if (value > this.smallestPivot * Math.abs(row[size]!)) next.push(Math.sqrt(value));
      else return false;
    }
    let value = right;
    for (let k = 0; k < size; k++) value -= next[k]! * forward[k]!;
    lower.push(next);
    forward.push(value / next[size]!);
    return true;
  }

  /** Take the last unknown away. */
  pop(): void {
    this.lower.pop();
    this.forward.pop();
  }

  /** The unknowns, in the order in which they were added. */
  solution(): number[] {
    const { lower, forward } = this;
    const size = forward.length;
    const solution = new Array<number>(size).fill(0);
    for (let i = size - 1; i >= 0; i--) {
      let value = forward[i]!;
      for (let k = i + 1; k < size; k++) value -= lower[k]![i]! * solution[k]!;
      solution[i] = value / lower[i]![i]!;
    }
    return solution;
  }
}

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
  const system = new GrowingSystem(smallestPivot);
  return matrix.every((row, i) => system.push(row, right[i]!)) ? system.solution() : undefined;
}

/** The lower triangle whose product with its transpose is the matrix; undefined when the matrix is not positive definite. */
export function choleskyFactor(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const system = new GrowingSystem();
  return matrix.every((row) => system.push(row, 0)) ? system.lower : undefined;
}
