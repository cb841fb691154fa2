import { describe, expect, it } from 'vitest';
import { compareLatencies, type KernelLatencies, type LatencySource } from './compare-latencies.ts';
import { medianInterval } from './median-interval.ts';
import { verdictOf } from './verdict.ts';

const rowsOf = (count: number, factor: (index: number) => number, scatter = 0.003): KernelLatencies['rows'] =>
  Array.from({ length: count }, (_, i) => {
    const latencyMs = (1 + i) * factor(i);
    return { config: { CIN: i + 1 }, latencyMs, repeatabilityMs: latencyMs * scatter };
  });
const source = (name: string, latencies: KernelLatencies): LatencySource => ({ name, kernels: new Map([['toy', latencies]]) });
const compare = (before: KernelLatencies, after: KernelLatencies) =>
  compareLatencies(source('a', before), source('b', after), 0.05).kernels[0];
const base = { rows: rowsOf(20, () => 1) };

describe('verdictOf', () => {
  it.each([
    [1.06, 1.2, 'slower'],
    [0.8, 0.95, 'faster'],
    [0.96, 1.04, 'same'],
    [1.02, 1.08, 'ambiguous'],
    [0.9, 1.1, 'ambiguous'],
  ] as const)('of %f to %f is %s', (low, high, verdict) => {
    expect(verdictOf({ low, high }, 0.05)).toBe(verdict);
  });
});

describe('medianInterval', () => {
  const exact = (ratios: readonly number[]) => medianInterval(ratios.map((ratio) => ({ ratio, low: ratio * 0.9, high: ratio * 1.1 })));

  it('goes from the k-th smallest to the k-th largest, as tables of the sign test have it', () => {
    const values = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
    expect(exact(values(6))).toMatchObject({ ratio: 3.5, low: 1, high: 6 });
    expect(exact(values(20))).toMatchObject({ low: 6, high: 15 });
    expect(exact(values(100))).toMatchObject({ low: 40, high: 61 });
    expect(exact(values(3000))).toMatchObject({ low: expect.closeTo(1447, -1), high: expect.closeTo(1554, -1) });
  });

  it('of a few is the range of their own intervals', () => {
    expect(exact([1, 2])).toMatchObject({ ratio: 1.5, low: 0.9, high: 2.2 });
  });
});

describe('compareLatencies', () => {
  it('tells faster, slower and same apart', () => {
    expect(compare(base, { rows: rowsOf(20, () => 1.2) })).toMatchObject({ verdict: 'slower', configs: 20, by: 'measured' });
    expect(compare(base, { rows: rowsOf(20, () => 0.8) })).toMatchObject({ verdict: 'faster' });
    expect(compare(base, { rows: rowsOf(20, () => 1.01) })).toMatchObject({ verdict: 'same' });
  });

  it('is ambiguous where configurations disagree, and says why', () => {
    const mixed = compare(base, { rows: rowsOf(20, (i) => (i % 2 === 0 ? 0.9 : 1.2)) });
    expect(mixed).toMatchObject({
      verdict: 'ambiguous',
      note: 'its interval crosses −5 % and +5 %; 10 configurations slower; 10 configurations faster',
    });
  });

  it('notes configurations that differ from their kernel', () => {
    expect(compare(base, { rows: rowsOf(20, (i) => (i < 4 ? 1.5 : 1)) })).toMatchObject({
      verdict: 'same',
      note: '4 configurations slower',
    });
  });

  it('is ambiguous by labels that scatter, and leaves flagged ones out', () => {
    expect(compare({ rows: rowsOf(3, () => 1, 0.03) }, { rows: rowsOf(3, () => 1, 0.03) })).toMatchObject({ verdict: 'ambiguous' });
    const flagged = rowsOf(20, () => 3).map((row) => ({ ...row, flags: ['unstable'] }));
    expect(compare(base, { rows: flagged })).toMatchObject({ verdict: 'ambiguous', configs: 0, flagged: 20 });
  });

  it('lets a predictor stand in where too few configurations are on both sides', () => {
    const predict = ({ CIN }: Readonly<Record<string, number>>) => ({
      latencyMs: CIN as number,
      lowMs: (CIN as number) * 0.98,
      highMs: (CIN as number) * 1.02,
    });
    const elsewhere = rowsOf(20, () => 1.3).map((row) => ({ ...row, config: { CIN: (row.config.CIN as number) + 100 } }));
    const shifted = elsewhere.map((row) => ({ ...row, latencyMs: (row.config.CIN as number) * 1.3 }));
    expect(compare({ ...base, predict }, { rows: shifted })).toMatchObject({ verdict: 'slower', by: 'predicted', configs: 20 });
    expect(compare(base, { rows: shifted })).toMatchObject({ verdict: 'ambiguous', configs: 0 });
  });

  it('names kernels of one side only', () => {
    const other: LatencySource = { name: 'c', kernels: new Map([['else', base]]) };
    expect(compareLatencies(source('a', base), other, 0.05)).toMatchObject({ kernels: [], onlyBefore: ['toy'], onlyAfter: ['else'] });
  });
});
