import { type FittedRegressor, Rng, toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { gradientBoosting } from './gradient-boosting.ts';

async function fit(
  vectors: readonly (readonly number[])[],
  targets: readonly number[],
  options: Record<string, unknown>,
): Promise<FittedRegressor> {
  const columns = vectors[0]!.length;
  const featureNames = Array.from({ length: columns }, (_, k) => `f${k}`);
  const data = { featureNames, features: toFeatureMatrix(vectors, columns), targets: Float64Array.from(targets) };
  return await gradientBoosting.fit(data, gradientBoosting.parseOptions(options), { rng: new Rng(1) });
}

const PLAIN = { subsample: 1, maxFeatures: null, minSamplesLeaf: 1 };

describe('gradient-boosting', () => {
  it('adds the corrections one would add by hand', async () => {
    // Mean 6; residuals -5, -4, 4, 5; a stump splits at 2.5 into -4.5 and 4.5, halved by the learning rate; the next halves what is left.
    const vectors = [[1], [2], [3], [4]];
    const one = await fit(vectors, [1, 2, 10, 11], { ...PLAIN, nEstimators: 1, maxDepth: 1, learningRate: 0.5, l2: 0 });
    expect([one.predictOne([1]), one.predictOne([4])]).toEqual([3.75, 8.25]);
    const two = await fit(vectors, [1, 2, 10, 11], { ...PLAIN, nEstimators: 2, maxDepth: 1, learningRate: 0.5, l2: 0 });
    expect([two.predictOne([1]), two.predictOne([4])]).toEqual([2.625, 9.375]);
  });

  it('shrinks small leaves by l2', async () => {
    const one = await fit([[1], [2], [3], [4]], [1, 2, 10, 11], { ...PLAIN, nEstimators: 1, maxDepth: 1, learningRate: 1, l2: 1 });
    expect([one.predictOne([1]), one.predictOne([4])]).toEqual([3, 9]);
  });

  it('learns a known function better than it started, from a sample of rows and features', async () => {
    const rng = new Rng(4);
    const draw = (): number[] => [rng.float(), rng.float(), rng.float()];
    const truth = ([a, b, c]: readonly number[]): number => Math.sin(6 * a!) + 2 * b! * c!;
    const vectors = Array.from({ length: 1500 }, draw);
    const model = await fit(vectors, vectors.map(truth), {});
    const test = Array.from({ length: 500 }, draw);
    const errors = test.map((row) => Math.abs(model.predictOne(row) - truth(row))).sort((a, b) => a - b);
    expect(errors[250]).toBeLessThan(0.03);
    expect(errors[475]).toBeLessThan(0.12);
  });

  it('averages its repeats', async () => {
    const vectors = Array.from({ length: 60 }, (_, i) => [i % 8, i % 5]);
    const targets = vectors.map(([a, b]) => a! * b!);
    const single = await fit(vectors, targets, { nEstimators: 20 });
    const triple = await fit(vectors, targets, { nEstimators: 20, repeats: 3 });
    expect(triple.predictOne([3, 2])).not.toBe(single.predictOne([3, 2]));
    expect(triple.predictOne([3, 2])).toBeCloseTo(single.predictOne([3, 2]), 0);
    expect(triple.serialise().json).toMatchObject({ trees: 60 });
  });

  it('keeps its golden numbers', async () => {
    const vectors = Array.from({ length: 50 }, (_, i) => [i % 7, (i * 3) % 11]);
    const model = await fit(
      vectors,
      vectors.map(([a, b]) => a! * 3 + b!),
      { nEstimators: 30 },
    );
    expect([model.predictOne([1, 1]), model.predictOne([6, 10])]).toMatchInlineSnapshot(`
      [
        7.536894463300705,
        20.2758542406559,
      ]
    `);
  });

  it('names options that are wrong', () => {
    expect(() => gradientBoosting.parseOptions({ learningRate: 0 })).toThrow(
      '`gradient-boosting.learningRate` must be a number above 0 and at most 1. Got 0.',
    );
    expect(() => gradientBoosting.parseOptions({ l2: -1 })).toThrow(/`gradient-boosting.l2`/);
  });
});

it('with clip, broken labels bend their surroundings less', async () => {
  const xs = Array.from({ length: 400 }, (_, i) => i / 400);
  // Every twentieth label is far too high, as when something else used the machine.
  const targets = Float64Array.from(xs, (x, i) => Math.sin(6 * x) + (i % 20 === 7 ? 1 : 0));
  const features = { rows: 400, columns: 1, values: Float64Array.from(xs) };
  const errorWith = async (clip: number) => {
    const options = gradientBoosting.parseOptions({ clip, nEstimators: 200 });
    const fitted = await gradientBoosting.fit({ featureNames: ['x'], features, targets }, options, { rng: new Rng(1) });
    const sound = xs.filter((_, i) => i % 20 !== 7);
    return sound.reduce((sum, x) => sum + Math.abs(fitted.predictOne([x]) - Math.sin(6 * x)), 0) / sound.length;
  };
  expect(await errorWith(0.9)).toBeLessThan(0.6 * (await errorWith(1)));
});
