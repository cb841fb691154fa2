import { describe, expect, it } from 'vitest';
import { Rng } from '../random/index.ts';
import { preciseExp, preciseLog, toFixed, ulpsFrom } from './__fixtures__/precise.ts';
import { dropLastBits, exp, log, log1p } from './index.ts';

/** Doubles spread over the exponents from `low` to `high`, of either sign where wanted. */
function spread(count: number, low: number, high: number, isSigned: boolean): number[] {
  const rng = new Rng(17);
  return Array.from({ length: count }, () => {
    const value = (1 + rng.float() + rng.float() / 0x1_0000_0000) * 2 ** rng.integer(low, high);
    return isSigned && rng.float() < 0.5 ? -value : value;
  });
}

describe('exp', () => {
  it('is within 1 ulp of the exact value', () => {
    const inputs = [...spread(400, -30, 8, true), 0.5 * Math.LN2, 1.5 * Math.LN2, 1, -1, 709.7, -708, 1e-300].filter((x) => x > -700);
    for (const x of inputs) expect(ulpsFrom(preciseExp(toFixed(x)), exp(x)), `exp(${x})`).toBeLessThan(1);
  });

  it('keeps its bits', () => {
    expect([0, 1, -1, 0.1, 10, -20.5, 700].map(exp)).toEqual([
      1,
      Math.E,
      0.36787944117144233,
      1.1051709180756477,
      22026.465794806718,
      1.2501528663867426e-9,
      1.0142320547350045e304,
    ]);
  });

  it('ends where doubles end', () => {
    expect([Number.NEGATIVE_INFINITY, -746, -745.13, 709.79, Number.POSITIVE_INFINITY].map(exp)).toEqual([
      0,
      0,
      5e-324,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(exp(Number.NaN)).toBeNaN();
    expect(exp(709.782712893384)).toBeGreaterThan(1.79e308);
  });
});

describe('log', () => {
  it('is within 1 ulp of the exact value', () => {
    const inputs = [...spread(400, -60, 60, false), ...spread(200, -2, 1, false), 1 + 2 ** -52, 1 - 2 ** -53, 2, 10, 1e-300, 1e300];
    for (const x of inputs) expect(ulpsFrom(preciseLog(toFixed(x)), log(x)), `log(${x})`).toBeLessThan(1);
  });

  it('keeps its bits', () => {
    expect([1, 2, 10, 0.1, 1.005, 1e9, 5e-324].map(log)).toEqual([
      0,
      Math.LN2,
      Math.LN10,
      // log(0.1) is not -log(10): 0.1 is not a tenth.
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: it is the neighbour of -Math.LN10
      -2.3025850929940455,
      0.004987541511038968,
      20.72326583694641,
      -744.4400719213812,
    ]);
  });

  it('has no answer below 0', () => {
    expect([-1, Number.NEGATIVE_INFINITY, Number.NaN].map(log)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([0, Number.POSITIVE_INFINITY].map(log)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});

describe('log1p', () => {
  it('is within 1 ulp of the exact value', () => {
    const inputs = [...spread(300, -56, -1, true), ...spread(300, -1, 70, false), -0.999, 0.4142, -0.2929, 2 ** 53];
    for (const x of inputs) {
      if (x <= -1) continue;
      expect(ulpsFrom(preciseLog(toFixed(1) + toFixed(x)), log1p(x)), `log1p(${x})`).toBeLessThan(1);
    }
  });

  it('keeps its bits', () => {
    expect([0, 1, 1e-10, -0.5, 0.1, 224, 4e9].map(log1p)).toEqual([
      0,
      Math.LN2,
      9.999999999500001e-11,
      -Math.LN2,
      0.09531017980432487,
      5.41610040220442,
      22.109560198316302,
    ]);
  });

  it('has no answer below -1', () => {
    expect([-1.5, Number.NEGATIVE_INFINITY, Number.NaN].map(log1p)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([-1, Number.POSITIVE_INFINITY].map(log1p)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});

describe('dropLastBits', () => {
  it('leaves whole numbers up to 2^40 alone', () => {
    for (const value of [0, 1, -7, 224, 3_700_000_001, 2 ** 40 - 1, -(2 ** 40 - 1)]) expect(dropLastBits(value)).toBe(value);
  });

  it('makes neighbours the same', () => {
    for (const value of spread(200, -40, 80, true)) {
      const rounded = dropLastBits(value);
      expect(Math.abs(rounded / value - 1)).toBeLessThan(2 ** -40);
      expect(dropLastBits(rounded * (1 + 2 ** -52))).toBe(rounded);
      expect(dropLastBits(rounded * (1 - 2 ** -52))).toBe(rounded);
    }
  });

  it('leaves what has no more digits to others', () => {
    expect(dropLastBits(Number.NaN)).toBeNaN();
    expect(dropLastBits(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(dropLastBits(1e308)).toBe(1e308);
  });
});
