import type { Metrics } from '@nnm/predictor';
import { describe, expect, it } from 'vitest';
import { explainedError, unexplainedError } from './explained-error.ts';
import { fruitlessRounds, roundLimit } from './rounds.ts';

const grade = (acc10: number, rmspe: number) => ({ rows: 100, acc10, rmspe }) as Metrics;

describe('roundLimit', () => {
  it('is half of the first round, and at least what one error asks for', () => {
    expect(roundLimit({ initSampleNum: 1000, finegrainedSampleNum: 10 })).toBe(500);
    expect(roundLimit({ initSampleNum: 61, finegrainedSampleNum: 2 })).toBe(31);
    expect(roundLimit({ initSampleNum: 10, finegrainedSampleNum: 20 })).toBe(20);
  });
});

describe('fruitlessRounds', () => {
  it('counts the latest rounds without a gain', () => {
    expect(fruitlessRounds([])).toBe(0);
    expect(fruitlessRounds([grade(0.8, 0.1)])).toBe(0);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.8, 0.1)])).toBe(1);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.7, 0.12), grade(0.75, 0.11)])).toBe(2);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.7, 0.12), grade(0.82, 0.11)])).toBe(0);
  });

  it('takes one row more for chance, and compares with the best round so far', () => {
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.81, 0.1)])).toBe(1);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.6, 0.2), grade(0.7, 0.15)])).toBe(2);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.8, 0.094)])).toBe(0);
    expect(fruitlessRounds([grade(0.8, 0.1), grade(0.8, 0.096)])).toBe(1);
  });
});

describe('explained errors', () => {
  it('are what flags and known scatter leave no doubt about', () => {
    expect(explainedError({ latencyMs: 2 })).toBe(0);
    expect(explainedError({ latencyMs: 2, repeatabilityMs: 0.1, flags: [] })).toBeCloseTo(0.1, 12);
    expect(explainedError({ latencyMs: 2, flags: ['contended'] })).toBe(Number.POSITIVE_INFINITY);
    expect(unexplainedError(0.3, { latencyMs: 2, repeatabilityMs: 0.1 })).toBeCloseTo(0.2, 12);
    expect(unexplainedError(0.05, { latencyMs: 2, repeatabilityMs: 0.1 })).toBe(0);
    expect(unexplainedError(9, { latencyMs: 2, flags: ['unstable'] })).toBe(0);
  });
});
