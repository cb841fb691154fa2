import { log } from '@nnm/core';
/**
 * Quantile of Student's t distribution, after Hill's expansion around the normal one; within 0.5 % for 3 degrees of freedom and more.
 *
 * @param share - above 0.5 and below 1
 * @param freedom - degrees of freedom, at least 2; infinity for the normal distribution
 */
export function studentQuantile(share: number, freedom: number): number {
  const z = normalQuantile(share);
  if (freedom === Number.POSITIVE_INFINITY) return z;
  if (freedom === 2) return (2 * share - 1) * Math.sqrt(2 / (4 * share * (1 - share)));
  const z2 = z * z;
  const first = (z * (z2 + 1)) / 4;
  const second = (z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const third = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  const fourth = (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92_160;
  return z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom;
}

/** Quantile of the normal distribution for shares above 0.5, after Abramowitz and Stegun 26.2.23; within 0.00045. */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * log(1 - share));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - numerator / denominator;
}
