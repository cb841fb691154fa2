import { exp, InvalidArgumentError, log, mean, median, sampleDeviation, square } from '@nnm/core';
import { nonNegativeLeastSquares } from '@nnm/predictor';
import { CALIBRATION_FORMS, CALIBRATION_TERMS, type Calibration, type CalibrationForm, type CalibrationTerms } from './calibration.ts';
import { coldBytes } from './cold-weights.ts';
import { LEAST_ERROR } from './composition-error.ts';
import { calibratedMs, type KernelErrors, MOST_TERMS, type NetworkQuantities, sumVariance, termQuantities } from './model-total.ts';

/** A network that was measured together with its kernels. */
export interface MeasuredNetwork extends NetworkQuantities {
  readonly name: string;
  readonly latencyMs: number;
  /** The same network from predicted kernels, and how uncertain they are; absent where a kernel has no price. */
  readonly predicted?: NetworkQuantities & { readonly errors: KernelErrors };
}

/** Networks that a calibration needs at least: more than it has unknowns. */
export const LEAST_NETWORKS = MOST_TERMS + 2;

/** Correlations that are tried. */
const CORRELATIONS = Array.from({ length: 21 }, (_, step) => step / 20);

/** Terms with the cache that they are about. */
type FittedForm = Pick<Calibration, 'terms' | 'cacheBytes'>;

/**
 * Fit how networks follow from their kernels: non-negative least squares of the relative error, in the form that is least wrong on networks
 * left out one by one, but for one of them. How wrong it is with measured kernels and with predicted ones, the form chosen without the network, too, is kept.
 *
 * @param forms - to choose from
 * @throws InvalidArgumentError for fewer than {@link LEAST_NETWORKS} networks
 */
export function fitCalibration(
  networks: readonly MeasuredNetwork[],
  origin: Pick<Calibration, 'backend' | 'implement' | 'batchSize' | 'environment' | 'reorders'>,
  forms: readonly CalibrationForm[] = CALIBRATION_FORMS,
): Calibration {
  if (networks.length < LEAST_NETWORKS) {
    throw new InvalidArgumentError({ name: 'networks', expected: `at least ${LEAST_NETWORKS} measured networks`, got: networks.length });
  }
  const leftOut = networks.map((network) => fitBest(without(networks, network), forms));
  const measuredErrors = networks.map((network, i) => logError(network.latencyMs, leftOut[i]!, network));
  const compositionError = Math.max(LEAST_ERROR, Math.sqrt(mean(measuredErrors.map((error) => square(error)))));
  const predictions = networks.flatMap(({ latencyMs, predicted }, i) =>
    predicted === undefined ? [] : [{ error: logError(latencyMs, leftOut[i]!, predicted), errors: predicted.errors }],
  );
  const best = fitBest(networks, forms);
  const shift = certainShift(predictions.map(({ error }) => error));
  return {
    ...origin,
    ...best,
    compositionError,
    scale: exp(shift),
    correlation: likeliestCorrelation(predictions, shift, compositionError),
    networks: networks.map(({ predicted, footprints, ...network }, i) => ({
      ...network,
      ...(best.cacheBytes !== undefined && { coldBytes: coldBytes(footprints, best.cacheBytes) }),
      leftOutError: exp(-measuredErrors[i]!) - 1,
      ...(predicted && { predictedError: exp(shift - logError(network.latencyMs, leftOut[i]!, predicted)) - 1 }),
    })),
  };
}

const without = (networks: readonly MeasuredNetwork[], network: MeasuredNetwork): readonly MeasuredNetwork[] =>
  networks.filter((other) => other !== network);

/** The form that is least wrong, root mean square, on networks left out one by one, but for the worst: one like no other, such as one of 244 MB in three layers, says nothing of the rest. */
function fitBest(networks: readonly MeasuredNetwork[], forms: readonly CalibrationForm[]): FittedForm {
  const wrong = forms.map((form) => {
    if (forms.length === 1) return 0;
    const squares = networks.map((network) => square(logError(network.latencyMs, fitTerms(without(networks, network), form), network)));
    return sum(squares) - Math.max(...squares);
  });
  return fitTerms(networks, forms[wrong.indexOf(Math.min(...wrong))]!);
}

/** Least squares of the relative error with no negative term. */
function fitTerms(networks: readonly MeasuredNetwork[], { terms, cacheBytes }: CalibrationForm): FittedForm {
  const rows = networks.map((network) => {
    const quantities = termQuantities(network, cacheBytes);
    return terms.map((term) => quantities[term] / network.latencyMs);
  });
  const columns = terms.length;
  // Columns are scaled to a mean of 1, so that what is small is not taken for nothing.
  const scales = Array.from({ length: columns }, (_, k) => {
    const columnMean = mean(rows.map((row) => row[k]!));
    return columnMean > 0 ? 1 / columnMean : 0;
  });
  const scaled = rows.map((row) => row.map((value, k) => value * scales[k]!));
  const gram = Array.from({ length: columns }, (_, a) =>
    Array.from({ length: columns }, (__, b) => sum(scaled.map((row) => row[a]! * row[b]!))),
  );
  const right = Array.from({ length: columns }, (_, k) => sum(scaled.map((row) => row[k]!)));
  const { solution } = nonNegativeLeastSquares(gram, right, rows.length);
  const fitted = new Map(terms.map((term, k) => [term, solution[k]! * scales[k]!]));
  const all = Object.fromEntries(CALIBRATION_TERMS.map((term) => [term, fitted.get(term) ?? 0])) as unknown as CalibrationTerms;
  return { terms: all, ...(cacheBytes !== undefined && { cacheBytes }) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function logError(latencyMs: number, form: FittedForm, quantities: NetworkQuantities): number {
  return log(latencyMs / calibratedMs(form, quantities));
}

/** The median error, less what may be chance. */
function certainShift(errors: readonly number[]): number {
  if (errors.length < LEAST_NETWORKS) return 0;
  const middle = median(errors);
  const uncertainty = sampleDeviation(errors) / Math.sqrt(errors.length);
  return middle === 0 ? 0 : (middle * square(middle)) / (square(middle) + square(uncertainty));
}

/** The correlation of the kernels' errors that makes the errors of the predicted networks likeliest. */
function likeliestCorrelation(
  predictions: readonly { readonly error: number; readonly errors: KernelErrors }[],
  shift: number,
  compositionError: number,
): number {
  if (predictions.length < LEAST_NETWORKS) return 1;
  const badness = (correlation: number): number =>
    sum(
      predictions.map(({ error, errors }) => {
        const variance = square(compositionError) + sumVariance(errors, correlation);
        return log(variance) + square(error - shift) / variance;
      }),
    );
  return CORRELATIONS.reduce((best, candidate) => (badness(candidate) < badness(best) ? candidate : best));
}
