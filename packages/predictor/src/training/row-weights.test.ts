import { Rng, toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { gradientBoosting } from '../regressors/gradient-boosting.ts';
import { randomForest } from '../regressors/random-forest.ts';
import { fitBaseline } from './fit-baseline.ts';
import { gradeTrusted } from './metrics.ts';
import { rowWeights } from './row-weights.ts';
import { trainPredictor } from './train-predictor.ts';
import type { TrainingRow } from './training-rows.ts';

describe('the weight of a row', () => {
  it('is 1 for labels that agree as well as asked for, less the more they scatter, least for flagged ones', () => {
    const rows = [{ latencyMs: 1 }, { latencyMs: 1, spreadMs: 0.025 }, { latencyMs: 2, spreadMs: 0.1 }, { latencyMs: 1, flagged: true }];
    const weights = [...(rowWeights(rows) as Float64Array)];
    expect(weights.slice(0, 2)).toEqual([1, 1]);
    expect(weights[2]).toBeCloseTo(0.25, 12);
    expect(weights[3]).toBeCloseTo(0.0625, 12);
  });

  it('does not exist where all labels are equally uncertain', () => {
    expect(rowWeights([{ latencyMs: 1 }, { latencyMs: 2 }])).toBeUndefined();
    expect(
      rowWeights([
        { latencyMs: 1, flagged: true },
        { latencyMs: 2, flagged: true },
      ]),
    ).toBeUndefined();
  });

  it('is by its spread for a corrected label, which is flagged as well', () => {
    const rows = [{ latencyMs: 1 }, { latencyMs: 1, spreadMs: 0.05, flagged: true, corrected: true }];
    expect((rowWeights(rows) as Float64Array)[1]).toBeCloseTo(0.25, 12);
  });

  it('is at most 1', () => {
    const weights = rowWeights([
      { latencyMs: 1, flagged: true },
      { latencyMs: 1, flagged: true, spreadMs: 0.2 },
    ]) as Float64Array;
    expect([...weights]).toEqual([1, 0.25]);
  });
});

describe('regressors', () => {
  const features = toFeatureMatrix(
    Array.from({ length: 40 }, (_, i) => [i % 4]),
    1,
  );
  const targets = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 10));
  const weights = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 0.01));
  const context = () => ({ rng: new Rng(1) });

  it.each([
    ['random-forest', randomForest, { nEstimators: 50, minSamplesLeaf: 5 }],
    ['gradient-boosting', gradientBoosting, { nEstimators: 50, l2: 0 }],
  ] as const)('%s goes by the rows that count', async (_, regressor, options) => {
    const data = { featureNames: ['X'], features, targets };
    const plain = await regressor.fit(data, regressor.parseOptions(options) as never, context());
    const weighted = await regressor.fit({ ...data, weights }, regressor.parseOptions(options) as never, context());
    expect(plain.predictOne([1])).toBeGreaterThan(2);
    expect(weighted.predictOne([1])).toBeLessThan(0.5);
  });

  it.each([[randomForest], [gradientBoosting]])('are the same to the last bit with weights of 1', async (regressor) => {
    const data = { featureNames: ['X'], features, targets };
    const options = regressor.parseOptions({ nEstimators: 5 }) as never;
    const plain = await regressor.fit(data, options, context());
    const weighted = await regressor.fit({ ...data, weights: new Float64Array(40).fill(1) }, options, context());
    expect(weighted.serialise()).toEqual(plain.serialise());
  });

  it('refuse weights that are none', async () => {
    const fit = (bad: Float64Array) =>
      gradientBoosting.fit({ featureNames: ['X'], features, targets, weights: bad }, gradientBoosting.parseOptions({}), context());
    await expect(fit(new Float64Array(40))).rejects.toThrow(/`weights\[0\]` must be a finite number above 0/);
    await expect(fit(Float64Array.of(1))).rejects.toThrow(/`weights` must be 40 numbers/);
  });
});

it('the baseline goes by the rows that count', () => {
  const work = toFeatureMatrix(
    Array.from({ length: 20 }, (_, i) => [1000 * (1 + (i % 10))]),
    1,
  );
  const latencies = Float64Array.from({ length: 20 }, (_, i) => (1 + (i % 10)) * (i < 10 ? 1 : 2));
  const weights = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 1e-6));
  const { costs } = fitBaseline(['FLOPS'], work, latencies, weights);
  expect(costs[0]?.msPerUnit).toBeCloseTo(0.001, 6);
});

describe('grades', () => {
  it('rest on trusted labels and say how many were not', () => {
    expect(gradeTrusted([1, 1, 1], [1, 1.5, 1.02], [false, true, false])).toMatchObject({ rows: 2, flagged: 1, acc5: 1 });
    expect(gradeTrusted([1, 1], [1, 1.5], [false, false])).not.toHaveProperty('flagged');
  });

  it('say when there is no other label', () => {
    expect(gradeTrusted([1, 1], [1, 1.5], [true, true])).toMatchObject({ rows: 2, onlyFlagged: true, acc5: 0.5 });
  });
});

describe('training with flagged rows', () => {
  const latencyOf = (size: number, channels: number): number => 0.01 + size * channels * 1e-4;
  const rows = (noise: (i: number) => Partial<TrainingRow> & { readonly factor?: number }): readonly TrainingRow[] =>
    Array.from({ length: 300 }, (_, i) => {
      const [size, channels] = [1 + (i % 20), 8 + 8 * Math.floor(i / 20)];
      const { factor = 1, ...trust } = noise(i);
      return { id: `R${i}`, kernel: 'k', features: [size, channels], latencyMs: latencyOf(size, channels) * factor, ...trust };
    });
  const options = { featureNames: ['HW', 'CIN'], kernelType: 'k' };

  it('is nearer to the truth than without a word of them, and grades by the others', async () => {
    const loud = (i: number) => (i + 2 * Math.floor(i / 20)) % 5 < 2;
    const errorOf = async (isSaid: boolean): Promise<{ error: number; flagged: number | undefined }> => {
      const given = rows((i) => (loud(i) ? { factor: 1.15 + 0.3 * ((i % 7) / 7), ...(isSaid && { flagged: true }) } : {}));
      const { predictor, metrics } = await trainPredictor({ ...options, rows: given, rng: new Rng(3) });
      const errors = given.map(({ features: [size = 0, channels = 0] }) =>
        Math.abs(predictor.predictOne([size, channels]) / latencyOf(size, channels) - 1),
      );
      return { error: errors.reduce((sum, error) => sum + error, 0) / errors.length, flagged: metrics.flagged };
    };
    const [said, unsaid] = [await errorOf(true), await errorOf(false)];
    expect(unsaid.error).toBeGreaterThan(0.05);
    expect(said.error).toBeLessThan(unsaid.error / 3);
    expect(said.flagged).toBeGreaterThan(10);
    expect(unsaid.flagged).toBeUndefined();
  });
});
