import { BASELINE_FEATURES, type Baseline } from '../predictor/baseline.ts';
import { solvePositiveDefinite } from './cholesky.ts';
import type { FeatureMatrix } from './types.ts';

/**
 * Fit `latency = launch + sum of (cost per unit × feature)` over the kernel's own FLOPS, BYTES and PARAMS, whichever it has.
 *
 * Least squares of the relative error with no negative cost. With at most four unknowns every choice of those that are zero is tried,
 * which is exact.
 *
 * @param latenciesMs - one positive latency per row
 */
export function fitBaseline(featureNames: readonly string[], features: FeatureMatrix, latenciesMs: Float64Array): Baseline {
  const names = BASELINE_FEATURES.filter((name) => featureNames.includes(name));
  const indices = names.map((name) => featureNames.indexOf(name));
  const unknowns = names.length + 1;
  // Relative error: row i of the system is divided by its latency; columns are scaled to a mean of 1.
  const scales = [1 / mean(latenciesMs, (latency) => 1 / latency)];
  for (const index of indices) {
    const columnMean = mean(latenciesMs, (latency, row) => features.values[row * features.columns + index]! / latency);
    scales.push(columnMean > 0 ? 1 / columnMean : 0);
  }
  const gram = Array.from({ length: unknowns }, () => new Array<number>(unknowns).fill(0));
  const right = new Array<number>(unknowns).fill(0);
  const row = new Array<number>(unknowns).fill(0);
  for (let i = 0; i < features.rows; i++) {
    row[0] = scales[0]! / latenciesMs[i]!;
    for (let k = 0; k < indices.length; k++)
      row[k + 1] = (scales[k + 1]! * features.values[i * features.columns + indices[k]!]!) / latenciesMs[i]!;
    for (let a = 0; a < unknowns; a++) {
      right[a]! += row[a]!;
      for (let b = 0; b < unknowns; b++) gram[a]![b]! += row[a]! * row[b]!;
    }
  }
  const best = bestNonNegative(gram, right, features.rows);
  return {
    launchMs: best[0]! * scales[0]!,
    costs: names.map((feature, k) => ({ feature, index: indices[k]!, msPerUnit: best[k + 1]! * scales[k + 1]! })),
  };
}

function bestNonNegative(gram: readonly (readonly number[])[], right: readonly number[], rows: number): readonly number[] {
  const unknowns = right.length;
  let best: readonly number[] = right.map((value, k) => (k === 0 && gram[0]![0]! > 0 ? value / gram[0]![0]! : 0));
  let bestError = errorOf(gram, right, best, rows);
  for (let mask = 1; mask < 1 << unknowns; mask++) {
    const chosen = right.map((_, k) => k).filter((k) => (mask >> k) & 1);
    const solution = solvePositiveDefinite(
      chosen.map((a) => chosen.map((b) => gram[a]![b]! * (a === b ? 1 + 1e-9 : 1))),
      chosen.map((k) => right[k]!),
    );
    if (solution === undefined || solution.some((value) => value < 0)) continue;
    const candidate = right.map((_, k) => (chosen.includes(k) ? solution[chosen.indexOf(k)]! : 0));
    const error = errorOf(gram, right, candidate, rows);
    if (error < bestError) [best, bestError] = [candidate, error];
  }
  return best;
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

function mean(values: Float64Array, of: (value: number, index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i]!, i);
  return sum / values.length;
}
