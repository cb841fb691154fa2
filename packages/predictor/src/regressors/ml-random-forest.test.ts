import { Rng, toFeatureMatrix } from '@nnm/core';
import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { mlRandomForest } from './ml-random-forest.ts';

const rng = new Rng(5);
const vectors = Array.from({ length: 60 }, () => [rng.integer(1, 12), rng.integer(1, 9), rng.integer(-4, 4)]);
const targets = vectors.map(([a, b, c]) => a! * b! + c!);
const data = { featureNames: ['a', 'b', 'c'], features: toFeatureMatrix(vectors, 3), targets: Float64Array.from(targets) };

describe('ml-random-forest', () => {
  it('predicts what the package predicts, row by row', async () => {
    const options = mlRandomForest.parseOptions({ nEstimators: 12, maxFeatures: 2 });
    const fitted = await mlRandomForest.fit(data, options, { rng: new Rng(1) });
    const original = new RandomForestRegression({
      nEstimators: 12,
      maxFeatures: 2,
      replacement: false,
      seed: new Rng(1).fork('ml-random-forest').uint32() | 0,
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { gainThreshold: -1, minNumSamples: 1 },
    });
    original.train(vectors, targets);
    const expected = original.predict(vectors) as number[];
    vectors.forEach((row, i) => {
      expect(fitted.predictOne(row)).toBeCloseTo(expected[i]!, 4);
    });
    const restored = mlRandomForest.deserialise(fitted.serialise());
    expect(vectors.map((row) => restored.predictOne(row))).toEqual(vectors.map((row) => fitted.predictOne(row)));
  });

  it('splits where a split is perfect, which the package refuses by default', async () => {
    // The last two values are told apart by a split that leaves no error at all, below a root split that leaves some.
    const vectors = [[1], [1], [2], [2], [3], [3]];
    const step = { featureNames: ['a'], features: toFeatureMatrix(vectors, 1), targets: Float64Array.of(1, 1, 30, 30, 40, 40) };
    const fitted = await mlRandomForest.fit(step, mlRandomForest.parseOptions({ nEstimators: 40 }), { rng: new Rng(1) });
    expect(fitted.predictOne([3]) - fitted.predictOne([2])).toBeGreaterThan(4);
  });

  it('refuses data it would take too long for, with a way out', async () => {
    const options = mlRandomForest.parseOptions({ nEstimators: 370, maxWork: 1e6 });
    await expect(mlRandomForest.fit(data, options, { rng: new Rng(1) })).rejects.toMatchObject({
      code: 'ERR_REGRESSOR_TOO_SLOW',
      message: expect.stringContaining('370 trees × 60² rows are 1.3e+6, more than the limit of 1.0e+6') as string,
      hint: expect.stringContaining('random-forest') as string,
    });
  });

  it('does not take 1 feature for all of them', () => {
    expect(() => mlRandomForest.parseOptions({ maxFeatures: 1 })).toThrow(/the package takes 1 for all/);
  });
});
