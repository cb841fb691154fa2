import { Rng } from '@nnm/core';
import { DEFAULT_POLICY } from '@nnm/profiler';
import { describe, expect, it } from 'vitest';
import { CALIBRATION_FORMS, type CalibrationTerms } from './calibration.ts';
import { coldBytes } from './cold-weights.ts';
import { fitCalibration, type MeasuredNetwork } from './fit-calibration.ts';
import { calibratedMs, totalOf } from './model-total.ts';
import { networkRatio, roundValues } from './network-rounds.ts';
import { studentQuantile } from './student.ts';

const origin = { backend: 'formula', implement: 'tensorflow', batchSize: 1, environment: null } as const;
const truth: CalibrationTerms = { sum: 1.05, perKernelMs: 0.0004, perWeightMbMs: 0.05, memoryBound: 0.3 };
const CACHE_BYTES = 2 * 2 ** 20;
const cold: CalibrationTerms = { sum: 1.05, perKernelMs: 0, perWeightMbMs: 0, perColdMbMs: 0.04, memoryBound: 0.3 };
const [plainForm] = CALIBRATION_FORMS.filter(({ cacheBytes }) => cacheBytes === undefined);

/** Networks whose time follows from their kernels, but for an error. */
function networks(
  count: number,
  error: number,
  kernelBias = 1,
  terms = truth,
  { seed = 5, memoryBoundShare = 0.5 } = {},
): readonly MeasuredNetwork[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, (_, i) => {
    const sumMs = 0.5 * 60 ** rng.float();
    const kernels = rng.integer(10, 150);
    const weightBytes = rng.integer(1, 100) * 1e6;
    const quantities = {
      sumMs,
      kernels,
      weightBytes,
      footprints: Array.from({ length: kernels }, () => ({ weightBytes: weightBytes / kernels, valueBytes: rng.integer(1, 3e6) })),
      memoryBoundMs: sumMs * memoryBoundShare * rng.float(),
    };
    const latencyMs = calibratedMs({ terms, cacheBytes: CACHE_BYTES }, quantities) * (1 + error * (2 * rng.float() - 1));
    const predicted = { ...quantities, sumMs: sumMs * kernelBias, errors: { cancelling: 0.01, adding: 0.08 } };
    return { name: `n${i}`, latencyMs, ...quantities, predicted };
  });
}

describe('fitCalibration', () => {
  it('finds the terms that networks follow', () => {
    for (const [named, cacheBytes] of [
      [truth, undefined],
      [cold, CACHE_BYTES],
    ] as const) {
      const fitted = fitCalibration(networks(20, 0, 1, named), origin);
      for (const [key, value] of Object.entries(named)) expect(fitted.terms[key as keyof CalibrationTerms], key).toBeCloseTo(value, 4);
      expect([fitted.cacheBytes, fitted.compositionError, fitted.scale]).toEqual([cacheBytes, 0.01, expect.closeTo(1, 6)]);
    }
  });

  it('keeps the error of networks that were left out, which is more than that of the fit', () => {
    const given = networks(14, 0.1);
    const fitted = fitCalibration(given, origin);
    const ofFit = Math.sqrt(given.reduce((sum, row) => sum + Math.log(row.latencyMs / calibratedMs(fitted, row)) ** 2, 0) / given.length);
    const { compositionError, networks: rows } = fitted;
    expect(compositionError).toBeGreaterThan(ofFit);
    expect(rows.map(({ name }) => name)).toEqual(given.map(({ name }) => name));
    expect(rows.every(({ leftOutError, predictedError }) => Number.isFinite(leftOutError) && Number.isFinite(predictedError))).toBe(true);
  });

  it('does not let one network like no other decide the form', () => {
    // Three quarters of its weights in three layers, bound by memory, as alexnet: no other network says what that costs.
    const layers = [...Array(3).fill({ weightBytes: 78e6, valueBytes: 1e4 }), ...Array(10).fill({ weightBytes: 1e6, valueBytes: 1e6 })];
    const strange = { name: 'strange', latencyMs: 24, sumMs: 15, kernels: 13, weightBytes: 244e6, footprints: layers, memoryBoundMs: 8.7 };
    for (const seed of [0, 7, 9, 10, 12, 14]) {
      const others = networks(13, 0.02, 1, { ...cold, perColdMbMs: 0.06, memoryBound: 0 }, { seed, memoryBoundShare: 0.004 });
      expect(fitCalibration([...others, strange], origin).cacheBytes, `seed ${seed}`).toBe(CACHE_BYTES);
    }
  });

  it('takes off what all predicted networks are wrong by', () => {
    const { scale } = fitCalibration(networks(20, 0.01, 0.9), origin);
    expect(scale).toBeGreaterThan(1.05);
    expect(scale).toBeLessThan(1.12);
  });

  it('wants more networks than it has unknowns', () => {
    expect(() => fitCalibration(networks(5, 0), origin)).toThrow('at least 6 measured networks');
  });

  it('has no term below nothing', () => {
    const slower = networks(14, 0).map((row) => ({ ...row, latencyMs: 0.8 * row.sumMs }));
    const { terms } = fitCalibration(slower, origin, [plainForm!]);
    expect(terms).toEqual({ sum: expect.closeTo(0.8), perKernelMs: 0, perWeightMbMs: 0, perColdMbMs: 0, memoryBound: 0 });
  });
});

it('weights are cold that fit into the cache alone, and not with all others', () => {
  const kernel = { weightBytes: 600_000, valueBytes: 300_000 };
  expect(coldBytes([kernel], 1e6)).toBe(0);
  expect(coldBytes(Array(4).fill(kernel), 1e6)).toBeCloseTo(4 * 600_000 * (1 - 1 / 2.7));
  const large = { weightBytes: 8e6, valueBytes: 400_000 };
  expect(coldBytes([large], 1e6)).toBeCloseTo(600_000 * (1 - 1 / 8.4));
  expect(coldBytes([{ ...large, valueBytes: 2e6 }], 1e6)).toBe(0);
});

describe('totalOf', () => {
  const kernel = (latencyMs: number) => ({
    name: 'relu',
    nodes: [],
    weightBytes: 0,
    valueBytes: 0,
    isMemoryBound: false,
    price: {
      source: 'predictor' as const,
      latencyMs,
      interval80: { lowMs: 0.9 * latencyMs, highMs: 1.1 * latencyMs, coverage: 0.8 },
      interval95: { lowMs: 0.8 * latencyMs, highMs: 1.2 * latencyMs, coverage: 0.95 },
      doubts: [],
    },
  });

  it('is calibrated, with ranges from what the calibration was off by and from the kernels', () => {
    const calibration = fitCalibration(networks(20, 0.05), origin);
    const total = totalOf([kernel(1), kernel(2)], { ...calibration, scale: 1 });
    expect(total.latencyMs).toBeCloseTo(3 * calibration.terms.sum + 2 * calibration.terms.perKernelMs);
    expect([total.sumMs, total.isLowerBound, total.notes]).toEqual([3, false, []]);
    const width = ({ lowMs, highMs }: { lowMs: number; highMs: number }) => Math.log(highMs / lowMs) / 2;
    expect(width(total.interval80)).toBeGreaterThan(1.28 * calibration.compositionError);
    const certain = totalOf([kernel(1), kernel(2)], { ...calibration, scale: 1, correlation: 0 });
    const together = totalOf([kernel(1), kernel(2)], { ...calibration, scale: 1, correlation: 1 });
    expect(width(certain.interval95)).toBeLessThan(width(together.interval95));
  });
});

describe('networkRatio', () => {
  it('compares round by round: a machine that became faster changes nothing', () => {
    const parts = [
      { times: 2, rounds: [2, 1, 0.5], labelMs: 0.5 },
      { times: 1, rounds: [4, 2, 1, 9], labelMs: 1 },
    ];
    expect(networkRatio({ rounds: [8.8, 4.4, 2.2], labelMs: 2.2 }, parts)).toBeCloseTo(1.1);
  });

  it('takes the label of a part, or of all, where a visit had no quiet moment', () => {
    const parts = [{ times: 1, rounds: [undefined, 5], labelMs: 4 }];
    expect(networkRatio({ rounds: [4.4, undefined], labelMs: 4.4 }, parts)).toBeCloseTo(1.1);
    expect(networkRatio({ rounds: [undefined], labelMs: 6 }, parts)).toBeCloseTo(1.5);
  });

  it('counts slices between quiet probes alone', () => {
    const slice = (medianMs: number, probeMs: number) => ({ runs: 9, minMs: medianMs, medianMs, meanMs: medianMs, probeMs, cpuShare: 1 });
    const visit = { firstProbeMs: 1, slices: [slice(2, 1), slice(7, 3), slice(9, 1), slice(2.2, 1)] };
    const [value] = roundValues([visit], 1, DEFAULT_POLICY);
    expect(value).toBeCloseTo(2.1);
    expect(roundValues([{ firstProbeMs: 5, slices: [slice(2, 5)] }], 1, DEFAULT_POLICY)).toEqual([undefined]);
  });
});

it.each([
  [0.9, 3, 1.638],
  [0.975, 8, 2.306],
  [0.975, 10, 2.228],
  [0.9, 30, 1.31],
  [0.975, 2, 4.303],
  [0.975, Number.POSITIVE_INFINITY, 1.96],
])('the %d quantile of Student with %d degrees is %d', (share, freedom, expected) => {
  expect(studentQuantile(share, freedom)).toBeCloseTo(expected, 2);
});
