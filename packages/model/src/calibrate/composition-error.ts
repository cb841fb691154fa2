import { log, mean, solvePositiveDefinite, square } from '@nnm/core';

import { BYTES_PER_MB, CALIBRATION_TERMS, type Calibration, type CalibrationNetwork, type TermQuantities } from './calibration.ts';

/** As a share of its square: a term that no network tells from the others says nothing of how far off it is. */
const SMALLEST_PIVOT = 1e-9;
/** The most that a network left out may be taken to lie apart: of one like no other its error says nothing. */
const MOST_LEVERAGE = 100;
/** The error that is always left: measurements repeat no better. */
export const LEAST_ERROR = 0.01;

/**
 * Standard deviation of the logarithm of a network's time by a calibration, its kernels measured. It is what the networks left out of the fit were
 * off by, more for a network that lies farther from the others than these did, by its leverage `h` in the least squares of the relative error:
 * `sqrt(mean(error² / (1 + h of the network left out)) (1 + h))`.
 *
 * @param quantities - of the network, in the units of the terms
 * @param latencyMs - what the calibration says that it takes
 */
export function compositionErrorOf(calibration: Calibration, quantities: TermQuantities, latencyMs: number): number {
  const { terms, networks, compositionError } = calibration;
  const counted = CALIBRATION_TERMS.filter((term) => (terms[term] ?? 0) > 0);
  const shares = (of: TermQuantities, ofMs: number): readonly number[] => counted.map((term) => (of[term] * terms[term]!) / ofMs);
  const rows = networks.map((network) => shares(knownQuantities(network), network.latencyMs));
  const gram = counted.map((_, a) => counted.map((__, b) => rows.reduce((sum, row) => sum + row[a]! * row[b]!, 0)));
  const leverage = (row: readonly number[]): number | undefined =>
    solvePositiveDefinite(gram, row, SMALLEST_PIVOT)?.reduce((sum, value, k) => sum + value * row[k]!, 0);
  const own = latencyMs > 0 ? leverage(shares(quantities, latencyMs)) : undefined;
  if (own === undefined) return compositionError;
  const squares = networks.map(({ leftOutError }, i) => {
    const h = leverage(rows[i]!)!;
    return square(log(1 + leftOutError)) / (1 + (h < 1 ? Math.min(MOST_LEVERAGE, h / (1 - h)) : MOST_LEVERAGE));
  });
  return Math.max(LEAST_ERROR, Math.sqrt(mean(squares) * (1 + own)));
}

/** What a calibration keeps of its networks. */
const knownQuantities = ({ sumMs, kernels, weightBytes, coldBytes = 0, memoryBoundMs }: CalibrationNetwork): TermQuantities => ({
  sum: sumMs,
  perKernelMs: kernels,
  perWeightMbMs: weightBytes / BYTES_PER_MB,
  perColdMbMs: coldBytes / BYTES_PER_MB,
  memoryBound: memoryBoundMs,
});
