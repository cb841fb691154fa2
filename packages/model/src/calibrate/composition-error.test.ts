import { Rng } from '@nnm/core';
import { expect, it } from 'vitest';
import type { Calibration } from './calibration.ts';
import { compositionErrorOf } from './composition-error.ts';
import { termQuantities } from './model-total.ts';

const TERMS = { sum: 1.05, perKernelMs: 0, perWeightMbMs: 0, perColdMbMs: 0.05, memoryBound: 0 };
const ERROR = 0.04;

/** Networks of which cold weights take up to a fifth, each left out with an error of 4 %. */
function calibration(count: number): Calibration {
  const rng = new Rng(3);
  const networks = Array.from({ length: count }, (_, i) => {
    const sumMs = 1 + 50 * rng.float();
    const coldBytes = 5e6 * sumMs * rng.float();
    return {
      ...{ name: `n${i}`, latencyMs: 1.05 * sumMs + 0.05e-6 * coldBytes, sumMs, kernels: 40, weightBytes: 2 * coldBytes, coldBytes },
      ...{ memoryBoundMs: 0, leftOutError: Math.exp(i % 2 === 0 ? ERROR : -ERROR) - 1 },
    };
  });
  return { terms: TERMS, cacheBytes: 2 ** 20, compositionError: ERROR, scale: 1, correlation: 0, networks } as unknown as Calibration;
}

/** A network of 10 ms in kernels, and so many megabytes that it finds cold. */
function errorWith(coldMb: number, of = calibration(20), latencyMs = 10.5 + 0.05 * coldMb): number {
  const quantities = { sumMs: 10, kernels: 40, weightBytes: 0, memoryBoundMs: 0, footprints: [] };
  return compositionErrorOf(of, { ...termQuantities(quantities, undefined), perColdMbMs: coldMb }, latencyMs);
}

it('is what networks left out were off by, for one like them', () => {
  expect(errorWith(25)).toBeGreaterThan(0.9 * ERROR);
  expect(errorWith(25)).toBeLessThan(1.1 * ERROR);
});

it('grows with what no network of the calibration has so much of, and shrinks with more networks', () => {
  expect(errorWith(300)).toBeGreaterThan(1.2 * errorWith(25));
  expect(errorWith(2000)).toBeGreaterThan(errorWith(300));
  expect(errorWith(300, calibration(80))).toBeLessThan(errorWith(300));
});

it('is that of the calibration where its networks do not tell its terms apart, and of a network that takes no time', () => {
  const blind = calibration(20);
  expect(errorWith(300, { ...blind, networks: blind.networks.map(({ coldBytes: _, ...network }) => network) })).toBe(ERROR);
  expect(errorWith(25, { ...blind, networks: [] })).toBe(ERROR);
  expect(errorWith(25, blind, 0)).toBe(ERROR);
});
