import { exp, InvalidArgumentError, log, quantileOfSorted } from '@nnm/core';
import { baselineMs, fitBaseline, toFeatureMatrix } from '@nnm/predictor';
import { type ClassifiedWork, OPERATOR_CLASSES } from './operator-class.ts';
import { type ClassEstimate, ESTIMATE_FEATURES, estimateVector, type WorkEstimate } from './work-estimate.ts';

/** A measured kernel: what it works and what it takes. */
export interface MeasuredWork {
  /** The kernel's id: the estimate's error is that of kernels it was not fitted on. */
  readonly kernel: string;
  readonly work: ClassifiedWork;
  readonly latencyMs: number;
}

/** Rows of a class that make an estimate of its own. */
const LEAST_ROWS = 20;
/** Kernels of a class from which leaving one out says how unlike kernels may be. */
const LEAST_KERNELS = 3;
/** How much wider the error among rows of one or two kernels is taken to be for another kernel. */
const FEW_KERNELS = 2;

/**
 * Fit the estimate that prices what has no predictor: non-negative least squares of launch cost, operations and bytes, by class of operator
 * where there are enough rows. Its error is that for kernels it was not fitted on: each kernel is estimated from the others.
 *
 * @throws InvalidArgumentError when there is no row
 */
export function fitWorkEstimate(rows: readonly MeasuredWork[]): WorkEstimate {
  if (rows.length === 0) throw new InvalidArgumentError({ name: 'rows', expected: 'at least one measured kernel', got: rows });
  const classes = OPERATOR_CLASSES.flatMap((name) => {
    const own = rows.filter(({ work }) => work.class === name);
    return own.length < LEAST_ROWS ? [] : [[name, fitClass(own)] as const];
  });
  return { any: fitClass(rows), classes: Object.fromEntries(classes) };
}

function fitClass(rows: readonly MeasuredWork[]): ClassEstimate {
  const kernels = [...new Set(rows.map(({ kernel }) => kernel))];
  const baseline = fit(rows);
  const isEnough = kernels.length >= LEAST_KERNELS;
  const errors = isEnough ? kernels.flatMap((kernel) => errorsWithout(kernel, rows)) : logErrors(baseline, rows);
  const widening = isEnough ? 1 : FEW_KERNELS;
  const sorted = Float64Array.from(errors, Math.abs).sort();
  const factor = (share: number): number => exp(Math.max(LEAST_ERROR, widening * quantileOfSorted(sorted, share)));
  return { baseline, rows: rows.length, kernels: kernels.length, factor80: factor(0.8), factor95: factor(0.95) };
}

/** No estimate from work alone is better than this, whatever few rows say. */
const LEAST_ERROR = 0.1;

function errorsWithout(kernel: string, rows: readonly MeasuredWork[]): readonly number[] {
  const baseline = fit(rows.filter((row) => row.kernel !== kernel));
  return logErrors(
    baseline,
    rows.filter((row) => row.kernel === kernel),
  );
}

function logErrors(baseline: ClassEstimate['baseline'], rows: readonly MeasuredWork[]): readonly number[] {
  return rows.map(({ work, latencyMs }) => log(latencyMs / baselineMs(baseline, estimateVector(work))));
}

function fit(rows: readonly MeasuredWork[]): ClassEstimate['baseline'] {
  const features = toFeatureMatrix(
    rows.map(({ work }) => estimateVector(work)),
    ESTIMATE_FEATURES.length,
  );
  return fitBaseline(
    ESTIMATE_FEATURES,
    features,
    Float64Array.from(rows, ({ latencyMs }) => latencyMs),
  );
}
