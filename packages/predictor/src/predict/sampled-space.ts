import { log1p } from '@nnm/core';

/** Where the training rows lie. */
export interface SampledSpace {
  readonly features: readonly SampledFeature[];
  /** Lower triangle of the whitening matrix of the standardised logarithms; empty where there were too few rows to estimate it. */
  readonly whitening: readonly (readonly number[])[];
  /** Largest distance of a training row from the centre; beyond it a combination of values is unlike any that was sampled. */
  readonly limit: number;
}

/** Range of one feature, and centre and scale of its logarithm. */
export interface SampledFeature {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly centre: number;
  readonly scale: number;
}

/** Why a configuration lies outside what was sampled; empty when it lies inside. */
export type OutsideReasons = readonly string[];

/** Tolerance of the limits, for rounding. */
const SLACK = 1 + 1e-9;

/** Logarithm that keeps sign and zero. */
export function signedLog(value: number): number {
  return Math.sign(value) * log1p(Math.abs(value));
}

/**
 * Mahalanobis distance of a row from the sampled rows' centre, over logarithms: large where values that were each sampled form a
 * combination that was not.
 */
export function sampledDistance(space: SampledSpace, row: ArrayLike<number>, offset = 0): number {
  const standard = space.features.map(({ centre, scale }, k) => (signedLog(row[offset + k]!) - centre) / scale);
  let squares = 0;
  const white: number[] = [];
  for (const [i, lower] of space.whitening.entries()) {
    let value = standard[i]!;
    for (let k = 0; k < i; k++) value -= lower[k]! * white[k]!;
    value /= lower[i]!;
    white.push(value);
    squares += value * value;
  }
  return Math.sqrt(squares);
}

/** In what respects a row lies outside what was sampled. */
export function outsideReasons(space: SampledSpace, row: ArrayLike<number>): OutsideReasons {
  const reasons = space.features.flatMap(({ name, min, max }, k) => {
    const value = row[k]!;
    if (value >= min && value <= max) return [];
    return [`${name} is ${value}, sampled were ${min} to ${max}`];
  });
  if (reasons.length > 0 || space.whitening.length === 0) return reasons;
  return sampledDistance(space, row) > space.limit * SLACK ? ['this combination of values is unlike any that was sampled'] : [];
}
