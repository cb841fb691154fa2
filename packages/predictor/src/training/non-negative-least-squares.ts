import { solvePositiveDefinite } from '@nnm/core';

/** A term of whose squares the other terms explain all but this share, a tenth of a percent of its size, says nothing new. */
const COLLINEAR = 1e-6;
/** Mean squares of the relative error that differ by no more than this are a tie. */
export const LEAST_SQUARES_TIE = 1e-9;

/**
 * Least squares without negative unknowns: every choice of those that are zero is tried, which is exact and takes 0.1 s for ten.
 *
 * Every equation is divided by its right-hand side, so that it reads `sum of (row[k] * x[k]) = 1` and errors are relative. Unknowns that
 * say the same would share a value in any proportion, decided by rounding: choices with such ones are left out, and of choices that fit
 * equally well the one with fewer and earlier unknowns is taken.
 *
 * @param gram - products of the columns, summed over the rows
 * @param right - sums of the columns
 * @param rows - number of equations, or the sum of their weights
 * @returns `error`: sum of the squared relative errors
 */
export function nonNegativeLeastSquares(
  gram: readonly (readonly number[])[],
  right: readonly number[],
  rows: number,
): { readonly solution: readonly number[]; readonly error: number } {
  const unknowns = right.length;
  let best: readonly number[] = right.map((value, k) => (k === 0 && gram[0]![0]! > 0 ? value / gram[0]![0]! : 0));
  let bestError = errorOf(gram, right, best, rows);
  for (const chosen of choices(unknowns)) {
    const solution = solvePositiveDefinite(
      chosen.map((a) => chosen.map((b) => gram[a]![b]!)),
      chosen.map((k) => right[k]!),
      COLLINEAR,
    );
    if (solution === undefined || solution.some((value) => value < 0)) continue;
    const candidate = right.map((_, k) => (chosen.includes(k) ? solution[chosen.indexOf(k)]! : 0));
    const error = errorOf(gram, right, candidate, rows);
    if (error < bestError - LEAST_SQUARES_TIE * rows) [best, bestError] = [candidate, error];
  }
  return { solution: best, error: bestError };
}

/** Every choice of some of `count` unknowns: fewer first, then earlier ones. */
function choices(count: number): readonly (readonly number[])[] {
  const all = Array.from({ length: (1 << count) - 1 }, (_, mask) =>
    Array.from({ length: count }, (__, k) => k).filter((k) => ((mask + 1) >> k) & 1),
  );
  return all.sort((a, b) => a.length - b.length);
}

/** Sum of squared relative errors, from the normal equations. */
function errorOf(gram: readonly (readonly number[])[], right: readonly number[], x: readonly number[], rows: number): number {
  let error = rows;
  for (let a = 0; a < x.length; a++) {
    error -= 2 * x[a]! * right[a]!;
    for (let b = 0; b < x.length; b++) error += x[a]! * gram[a]![b]! * x[b]!;
  }
  return error;
}
