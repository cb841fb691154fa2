import { exp, square } from '@nnm/core';
import type { LatencyInterval } from '@nnm/predictor/browser';
import type { PricedKernel } from '../price/priced-kernel.ts';
import { BYTES_PER_MB, CALIBRATION_FORMS, CALIBRATION_TERMS, type Calibration, type TermQuantities } from './calibration.ts';
import { coldBytes, type Footprint } from './cold-weights.ts';
import { compositionErrorOf } from './composition-error.ts';
import { studentQuantile } from './student.ts';

/** What a whole model takes. */
export interface ModelTotal {
  readonly latencyMs: number;
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** What the kernels take together when each runs alone. */
  readonly sumMs: number;
  /** Parts have no price, so that the model takes longer than this. */
  readonly isLowerBound: boolean;
  /** What a reader must know, as sentences. */
  readonly notes: readonly string[];
}

/** The quantities that the terms of a calibration count. */
export interface NetworkQuantities {
  readonly sumMs: number;
  readonly kernels: number;
  readonly weightBytes: number;
  readonly memoryBoundMs: number;
  /** Of every kernel. */
  readonly footprints: readonly Footprint[];
}

/** Totals below this are unreliable: what a runtime does between kernels is as much as the kernels. */
export const UNRELIABLE_BELOW_MS = 0.1;
/** Standard deviation of the logarithm of such totals. */
const UNRELIABLE_ERROR = 0.15;
/** Without a calibration: the sum of kernels was 0.88 to 1.3 of the network on two runtimes. */
const UNCALIBRATED_ERROR = 0.15;
/** Without a calibration nothing says how errors of kernels go together. */
const UNCALIBRATED_CORRELATION = 0.5;
/** Half the width of a normal distribution's 80 % range, in standard deviations. */
const NORMAL_80 = 1.2816;
const NANOSECOND = 1e-6;
/** Unknowns of a calibration. */
export const MOST_TERMS = Math.max(...CALIBRATION_FORMS.map(({ terms, cacheBytes }) => terms.length + (cacheBytes === undefined ? 0 : 1)));

/** What a network has of each term. */
export function termQuantities(
  { sumMs, kernels, weightBytes, memoryBoundMs, footprints }: NetworkQuantities,
  cacheBytes: number | undefined,
): TermQuantities {
  return {
    sum: sumMs,
    perKernelMs: kernels,
    perWeightMbMs: weightBytes / BYTES_PER_MB,
    perColdMbMs: cacheBytes === undefined ? 0 : coldBytes(footprints, cacheBytes) / BYTES_PER_MB,
    memoryBound: memoryBoundMs,
  };
}

/** The calibrated time of a network. */
export function calibratedMs({ terms, cacheBytes }: Pick<Calibration, 'terms' | 'cacheBytes'>, network: NetworkQuantities): number {
  const quantities = termQuantities(network, cacheBytes);
  return CALIBRATION_TERMS.reduce((sum, term) => sum + quantities[term] * (terms[term] ?? 0), 0);
}

/** What a model's priced kernels say of the terms. */
export function quantitiesOf(kernels: readonly PricedKernel[]): NetworkQuantities {
  const priced = kernels.filter(({ price }) => price !== undefined);
  const sumOf = (some: readonly PricedKernel[]): number => some.reduce((sum, { price }) => sum + price!.latencyMs, 0);
  return {
    sumMs: sumOf(priced),
    kernels: priced.length,
    weightBytes: kernels.reduce((sum, { weightBytes }) => sum + weightBytes, 0),
    memoryBoundMs: sumOf(priced.filter(({ isMemoryBound }) => isMemoryBound)),
    footprints: kernels,
  };
}

/** Sums of the kernels' standard deviations, as shares of the sum of their latencies: `cancelling` if none goes with another, `adding` if all do. */
export interface KernelErrors {
  readonly cancelling: number;
  readonly adding: number;
}

/** How uncertain the kernels of a model are together. */
export function kernelErrors(kernels: readonly PricedKernel[]): KernelErrors {
  let sum = 0;
  let deviations = 0;
  let squares = 0;
  for (const { price } of kernels) {
    if (price === undefined) continue;
    const deviation = (price.interval80.highMs - price.interval80.lowMs) / 2 / NORMAL_80;
    sum += price.latencyMs;
    deviations += deviation;
    squares += deviation * deviation;
  }
  return sum > 0 ? { cancelling: Math.sqrt(squares) / sum, adding: deviations / sum } : { cancelling: 0, adding: 0 };
}

/** Variance of the relative error of a sum whose kernels' errors go together so far. */
export function sumVariance({ cancelling, adding }: KernelErrors, correlation: number): number {
  return (1 - correlation) * square(cancelling) + correlation * square(adding);
}

/**
 * Add up a model's kernels to what the whole of it takes, with ranges that hold what is measured in 80 % and 95 % of cases: what the
 * calibration's own networks were off by when it was made without them, and how uncertain the kernels are.
 *
 * @param calibration - absent: the plain sum, with a range as wide as plain sums are wrong
 */
export function totalOf(kernels: readonly PricedKernel[], calibration: Calibration | undefined): ModelTotal {
  const quantities = quantitiesOf(kernels);
  const { sumMs } = quantities;
  const latencyMs = calibration === undefined ? sumMs : calibration.scale * calibratedMs(calibration, quantities);
  const gaps = kernels.filter(({ price }) => price === undefined);
  const isSmall = latencyMs < UNRELIABLE_BELOW_MS;
  const composition =
    calibration === undefined
      ? UNCALIBRATED_ERROR
      : compositionErrorOf(calibration, termQuantities(quantities, calibration.cacheBytes), latencyMs / calibration.scale);
  const variance =
    square(Math.max(composition, isSmall ? UNRELIABLE_ERROR : 0)) +
    sumVariance(kernelErrors(kernels), calibration?.correlation ?? UNCALIBRATED_CORRELATION);
  const freedom = Math.max(2, (calibration?.networks.length ?? Number.POSITIVE_INFINITY) - MOST_TERMS);
  const around = (coverage: number): LatencyInterval => {
    const factor = exp(studentQuantile((1 + coverage) / 2, freedom) * Math.sqrt(variance));
    return { lowMs: latencyMs / factor, highMs: latencyMs * factor, coverage };
  };
  return {
    latencyMs,
    interval80: around(0.8),
    interval95: around(0.95),
    sumMs,
    isLowerBound: gaps.length > 0,
    notes: [
      ...(gaps.length > 0
        ? [`${gaps.length === 1 ? 'A part has' : `${gaps.length} parts have`} no price: the model takes longer than the total says.`]
        : []),
      ...(isSmall && latencyMs > NANOSECOND
        ? [`Totals below ${UNRELIABLE_BELOW_MS} ms are unreliable: what the runtime does between kernels is as much as the kernels.`]
        : []),
      ...(calibration === undefined
        ? ['There is no calibration by whole networks (`nnm build --networks`): the total is the plain sum of the kernels.']
        : []),
    ],
  };
}
