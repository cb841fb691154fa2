import { Rng, toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { baselineMs } from '../predict/baseline.ts';
import { fitBaseline } from './fit-baseline.ts';

const work = Array.from({ length: 30 }, (_, i) => [i % 5, 1e6 * (1 + (i % 7)), 1e4 * (1 + (i % 4))]);
const names = ['HW', 'FLOPS', 'BYTES'];

describe('fitBaseline', () => {
  it('finds launch cost, cost per operation and cost per byte', () => {
    const latencies = Float64Array.from(work, ([, flops, bytes]) => 0.02 + 3e-8 * flops! + 2e-6 * bytes!);
    const baseline = fitBaseline(names, toFeatureMatrix(work, 3), latencies);
    expect(baseline.launchMs).toBeCloseTo(0.02, 6);
    expect(baseline.costs.map(({ feature, index }) => [feature, index])).toEqual([
      ['FLOPS', 1],
      ['BYTES', 2],
    ]);
    expect(baseline.costs[0]!.msPerUnit / 3e-8).toBeCloseTo(1, 5);
    expect(baseline.costs[1]!.msPerUnit / 2e-6).toBeCloseTo(1, 5);
    expect(baselineMs(baseline, work[3]!)).toBeCloseTo(latencies[3]!, 6);
  });

  it('has no negative cost: what would need one becomes 0', () => {
    const latencies = Float64Array.from(work, ([, flops, bytes]) => 1 + 3e-7 * flops! - 2e-6 * bytes!);
    const baseline = fitBaseline(names, toFeatureMatrix(work, 3), latencies);
    expect(baseline.costs.find(({ feature }) => feature === 'BYTES')!.msPerUnit).toBe(0);
    expect(Math.min(baseline.launchMs, ...baseline.costs.map(({ msPerUnit }) => msPerUnit))).toBeGreaterThanOrEqual(0);
  });

  it('lets bytes beyond a cache cost more, and finds where they start to', () => {
    const sizes = Array.from({ length: 60 }, (_, i) => [2 ** (14 + i / 5)]);
    const latencies = Float64Array.from(sizes, ([bytes]) => 0.01 + 1e-8 * bytes! + 5e-8 * Math.max(0, bytes! - 2 ** 21));
    const baseline = fitBaseline(['BYTES'], toFeatureMatrix(sizes, 1), latencies);
    expect(baseline.costs.map(({ feature, above }) => [feature, above])).toEqual([
      ['BYTES', undefined],
      ['BYTES', 2 ** 21],
    ]);
    expect(baseline.costs[1]!.msPerUnit / 5e-8).toBeCloseTo(1, 4);
    for (const [row, size] of sizes.entries()) expect(baselineMs(baseline, size) / latencies[row]!).toBeCloseTo(1, 5);
  });

  it('finds two sizes where bytes cost more beyond each, and one where noise is all that a second would explain', () => {
    const sizes = Array.from({ length: 90 }, (_, i) => [2 ** (14 + i / 7)]);
    const fit = (latencyOf: (bytes: number, row: number) => number) =>
      fitBaseline(
        ['BYTES'],
        toFeatureMatrix(sizes, 1),
        Float64Array.from(sizes, ([bytes], row) => latencyOf(bytes!, row)),
      ).costs.map(({ above }) => above);
    const beyond = (bytes: number, size: number): number => Math.max(0, bytes - size);
    const twoCaches = (bytes: number) => 0.01 + 1e-8 * bytes + 5e-8 * beyond(bytes, 2 ** 20) + 2e-7 * beyond(bytes, 2 ** 24);
    expect([...fit(twoCaches).slice(1)].sort((a, b) => a! - b!)).toEqual([2 ** 20, 2 ** 24]);
    const rng = new Rng(4);
    const oneCache = (bytes: number) => (0.01 + 1e-8 * bytes + 5e-8 * beyond(bytes, 2 ** 21)) * (0.9 + 0.2 * rng.float());
    expect(fit(oneCache)).toHaveLength(2);
  });

  it('says nothing about sizes that hardly any row has', () => {
    const sizes = Array.from({ length: 60 }, (_, i) => [2 ** (14 + i / 5)]);
    const few = sizes.filter(([bytes], i) => bytes! < 2 ** 18 || i > 57);
    const baseline = fitBaseline(
      ['BYTES'],
      toFeatureMatrix(few, 1),
      Float64Array.from(few, ([bytes]) => bytes! * 1e-8),
    );
    expect(baseline.costs).toHaveLength(1);
  });

  it('is a constant for kernels without known work, and survives work that is zero', () => {
    const constant = fitBaseline(['HW'], toFeatureMatrix([[1], [2]], 1), Float64Array.of(2, 2));
    expect(constant).toEqual({ launchMs: 2, costs: [] });
    const zero = fitBaseline(['FLOPS'], toFeatureMatrix([[0], [0]], 1), Float64Array.of(4, 4));
    expect(baselineMs(zero, [0])).toBeCloseTo(4, 9);
  });
});

describe('features that say the same', () => {
  // PARAMS is FLOPS / 98 but for a last bit, as when an engine's power differs from another's.
  const rows = (lastBit: (i: number) => number) =>
    Array.from({ length: 40 }, (_, i) => {
      const flops = 1e6 * (1 + (i % 7)) + 1e4 * i;
      return [flops, 3e5 + 2e4 * ((i * i) % 23), (flops / 98) * (1 + lastBit(i) * 2 ** -52)];
    });
  const latencies = Float64Array.from(
    rows(() => 0),
    ([flops, bytes], i) => 0.02 + 3e-8 * flops! + 2e-7 * bytes! + 0.004 * (i % 3),
  );
  const fit = (lastBit: (i: number) => number) => fitBaseline(['FLOPS', 'BYTES', 'PARAMS'], toFeatureMatrix(rows(lastBit), 3), latencies);

  it('do not share a cost: the earlier one has it', () => {
    const { costs } = fit(() => 0);
    expect(costs[0]!.msPerUnit / 3e-8).toBeCloseTo(1, 1);
    expect(costs[2]!.msPerUnit).toBe(0);
  });

  it('are not told apart by their last bits', () => {
    const plain = fit(() => 0);
    for (const noise of [(i: number) => i % 2, (i: number) => (i % 3) - 1]) expect(fit(noise)).toEqual(plain);
  });

  it('keep their order when two fit equally well', () => {
    const twice = Array.from({ length: 30 }, (_, i) => [1e6 * (1 + (i % 7)), 1e6 * (1 + (i % 7))]);
    const { costs } = fitBaseline(
      ['BYTES', 'FLOPS'],
      toFeatureMatrix(twice, 2),
      Float64Array.from(twice, ([size]) => 1e-7 * size!),
    );
    expect(costs.map(({ feature, msPerUnit }) => [feature, msPerUnit > 0])).toEqual([
      ['FLOPS', true],
      ['BYTES', false],
    ]);
  });
});
