import { GrowingSystem } from '@nnm/core';

/** A term of whose squares the other terms explain all but this share, a tenth of a percent of its size, says nothing new. */
const COLLINEAR = 1e-6;
/** Mean squares of the relative error that differ by no more than this are a tie. */
export const LEAST_SQUARES_TIE = 1e-9;

/**
 * Least squares without negative unknowns: every choice of those that are zero is tried, which is exact and takes about 10 ms for twelve.
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
  const first = gram[0]![0]! > 0 ? right[0]! / gram[0]![0]! : 0;
  let best: Choice = { unknowns: [0], solution: [first], order: 0, error: errorOf(gram, right, [0], [first], rows) };
  for (const choice of choices(gram, right, rows)) if (choice.error < best.error - LEAST_SQUARES_TIE * rows) best = choice;
  const solution = right.map(() => 0);
  best.unknowns.forEach((k, i) => {
    solution[k] = best.solution[i]!;
  });
  return { solution, error: best.error };
}

/** Unknowns that are not zero, and what they are. */
interface Choice {
  readonly unknowns: readonly number[];
  readonly solution: readonly number[];
  /** One bit for each unknown. */
  readonly order: number;
  readonly error: number;
}

/** Every choice of some of the unknowns that leaves none of them negative: fewer first, then earlier ones. */
function choices(gram: readonly (readonly number[])[], right: readonly number[], rows: number): readonly Choice[] {
  const found: Choice[] = [];
  const system = new GrowingSystem(COLLINEAR);
  const addTo = (known: readonly number[], bits: number): void => {
    for (let k = (known.at(-1) ?? -1) + 1; k < right.length; k++) {
      const unknowns = [...known, k];
      const row = gram[k]!;
      // What one unknown is a combination of, it is of more as well.
      if (
        !system.push(
          unknowns.map((other) => row[other]!),
          right[k]!,
        )
      )
        continue;
      const order = bits | (1 << k);
      const solution = system.solution();
      if (solution.every((value) => value >= 0))
        found.push({ unknowns, solution, order, error: errorOf(gram, right, unknowns, solution, rows) });
      addTo(unknowns, order);
      system.pop();
    }
  };
  addTo([], 0);
  return found.sort((a, b) => a.unknowns.length - b.unknowns.length || a.order - b.order);
}

/** Sum of squared relative errors, from the normal equations. */
function errorOf(
  gram: readonly (readonly number[])[],
  right: readonly number[],
  unknowns: readonly number[],
  solution: readonly number[],
  rows: number,
): number {
  let error = rows;
  unknowns.forEach((a, i) => {
    error -= 2 * solution[i]! * right[a]!;
    unknowns.forEach((b, j) => {
      error += solution[i]! * gram[a]![b]! * solution[j]!;
    });
  });
  return error;
}
