import { Rng, type TrainingData, toFeatureMatrix } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import type { FittedEnsemble } from '../predict/ensemble-regressor.ts';
import { leafValues } from '../predict/tree-ensemble.ts';
import { randomForest } from './random-forest.ts';

function dataOf(vectors: readonly (readonly number[])[], targets: readonly number[]): TrainingData {
  const columns = vectors[0]!.length;
  const featureNames = Array.from({ length: columns }, (_, k) => `f${k}`);
  return { featureNames, features: toFeatureMatrix(vectors, columns), targets: Float64Array.from(targets) };
}

async function fit(data: TrainingData, options: Record<string, unknown>, seed = 1): Promise<FittedEnsemble> {
  return (await randomForest.fit(data, randomForest.parseOptions(options), { rng: new Rng(seed) })) as FittedEnsemble;
}

/** Values in [0, 1) on a grid of 1/64, so that ties occur. */
function drawRows(rows: number, columns: number, seed: number): number[][] {
  const rng = new Rng(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.floor(rng.float() * 64) / 64));
}

const ONE_TREE = { nEstimators: 1, bootstrap: false };

describe('random-forest', () => {
  it('grows the tree one would grow by hand', async () => {
    // Splitting at 2.5 leaves squares 0.5 + 0.5; every other split leaves more. Then 1.5 and 3.5 separate the rest.
    const data = dataOf([[1], [2], [3], [4]], [1, 2, 10, 11]);
    const stump = await fit(data, { ...ONE_TREE, maxDepth: 1 });
    expect([0, 2.5, 2.6, 9].map((x) => stump.predictOne([x]))).toEqual([1.5, 1.5, 10.5, 10.5]);
    const tree = await fit(data, ONE_TREE);
    expect([1.5, 1.6, 3.5, 3.6].map((x) => tree.predictOne([x]))).toEqual([1, 2, 10, 11]);
    expect(tree.ensemble.words.length / 2).toBe(7);
  });

  it.each([1, 2, 3, 4, 5])('finds the split that leaves the least squares, as trying all of them does (seed %i)', async (seed) => {
    const vectors = drawRows(40, 3, seed);
    const targets = vectors.map(([a, b, c]) => (a! > 0.4 ? 3 : 1) + b! * 2 + Math.sin(9 * c!));
    const stump = await fit(dataOf(vectors, targets), { ...ONE_TREE, maxDepth: 1, minSamplesLeaf: 3 });
    const squaresOf = (list: readonly number[]): number => {
      const mean = list.reduce((a, b) => a + b, 0) / list.length;
      return list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    let least = Number.POSITIVE_INFINITY;
    for (let column = 0; column < 3; column++) {
      for (const threshold of new Set(vectors.map((row) => row[column]!))) {
        const left = targets.filter((_, i) => vectors[i]![column]! <= threshold);
        const right = targets.filter((_, i) => vectors[i]![column]! > threshold);
        if (left.length >= 3 && right.length >= 3) least = Math.min(least, squaresOf(left) + squaresOf(right));
      }
    }
    const reached = vectors.reduce((sum, row, i) => sum + (targets[i]! - stump.predictOne(row)) ** 2, 0);
    expect(reached).toBeCloseTo(least, 4);
  });

  it('keeps minSamplesLeaf, minSamplesSplit and maxDepth', async () => {
    const vectors = drawRows(200, 2, 7);
    const data = dataOf(
      vectors,
      vectors.map(([a, b]) => a! * b!),
    );
    const rowsPerLeaf = (forest: FittedEnsemble): number[] => {
      const counts = new Map<number, number>();
      for (const row of vectors) {
        const leaf = leafValues(forest.ensemble, row)[0]!;
        counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
      }
      return [...counts.values()];
    };
    expect(Math.min(...rowsPerLeaf(await fit(data, { ...ONE_TREE, minSamplesLeaf: 9 })))).toBeGreaterThanOrEqual(9);
    expect(Math.min(...rowsPerLeaf(await fit(data, { ...ONE_TREE, minSamplesLeaf: 0.1 })))).toBeGreaterThanOrEqual(20);
    expect(rowsPerLeaf(await fit(data, { ...ONE_TREE, maxDepth: 3 })).length).toBeLessThanOrEqual(8);
    expect(rowsPerLeaf(await fit(data, { ...ONE_TREE, minSamplesSplit: 201 }))).toEqual([200]);
  });

  it('gives each row the mean of the trees that did not see it as its out-of-bag prediction', async () => {
    const vectors = drawRows(60, 2, 3).map(([a, b], i) => [a! + i, b!]);
    const targets = vectors.map((_, i) => i);
    const forest = await fit(dataOf(vectors, targets), { nEstimators: 50 });
    // Fully grown trees repeat the targets of rows they saw; distinct targets tell which trees saw which row.
    const expected = vectors.map((row, i) => {
      const unseen = Array.from(leafValues(forest.ensemble, row)).filter((value) => value !== targets[i]);
      return unseen.reduce((sum, value) => sum + value, 0) / unseen.length;
    });
    forest.outOfBag!.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
    const seenShare = vectors.filter((row, i) => leafValues(forest.ensemble, row)[0] === targets[i]).length / vectors.length;
    expect(seenShare).toBeGreaterThan(0.5);
    expect(seenShare).toBeLessThan(0.76);
  });

  it('has no out-of-bag predictions without bootstrap, and NaN for rows that were in every bag', async () => {
    const data = dataOf([[1], [2], [3], [4], [5], [6]], [1, 2, 3, 4, 5, 6]);
    expect((await fit(data, { bootstrap: false, nEstimators: 3 })).outOfBag).toBeUndefined();
    expect([...(await fit(data, { nEstimators: 1 })).outOfBag!].some(Number.isNaN)).toBe(true);
  });

  it('is the same for the same seed, whoever grows the other trees', async () => {
    const vectors = drawRows(80, 4, 11);
    const data = dataOf(
      vectors,
      vectors.map(([a, b, c]) => a! + 2 * b! * c!),
    );
    const ten = await fit(data, { nEstimators: 10, maxFeatures: 2 });
    const five = await fit(data, { nEstimators: 5, maxFeatures: 2 });
    expect(ten.ensemble.words.subarray(0, five.ensemble.words.length)).toEqual(five.ensemble.words);
    expect((await fit(data, { nEstimators: 10, maxFeatures: 2 })).ensemble.words).toEqual(ten.ensemble.words);
    expect((await fit(data, { nEstimators: 10, maxFeatures: 2 }, 2)).ensemble.words).not.toEqual(ten.ensemble.words);
  });

  it('draws features anew for every split', async () => {
    const vectors = drawRows(100, 4, 5);
    const data = dataOf(
      vectors,
      vectors.map(([a, b, c, d]) => a! + b! + c! + d!),
    );
    const { ensemble } = await fit(data, { ...ONE_TREE, maxFeatures: 1 });
    const used = new Set<number>();
    for (let at = 1; at < ensemble.words.length; at += 2) if (ensemble.words[at] !== 0) used.add(ensemble.words[at]! & 1023);
    expect(used.size).toBe(4);
  });

  it('learns a known function', async () => {
    const truth = ([a, b, c]: readonly number[]): number => 10 * Math.sin(3 * a! * b!) + 5 * (c! - 0.5) ** 2;
    const vectors = drawRows(2000, 3, 21);
    const forest = await fit(dataOf(vectors, vectors.map(truth)), { nEstimators: 60 });
    const test = drawRows(500, 3, 22);
    const targets = test.map(truth);
    const mean = targets.reduce((a, b) => a + b, 0) / targets.length;
    const unexplained = test.reduce((sum, row, i) => sum + (forest.predictOne(row) - targets[i]!) ** 2, 0);
    expect(unexplained / targets.reduce((sum, target) => sum + (target - mean) ** 2, 0)).toBeLessThan(0.01);
  });

  it('learns nothing from constant features and survives targets that are all alike', async () => {
    const forest = await fit(
      dataOf(
        [
          [1, 5],
          [1, 5],
          [1, 5],
        ],
        [1, 2, 6],
      ),
      ONE_TREE,
    );
    expect(forest.predictOne([1, 5])).toBe(3);
    expect((await fit(dataOf([[1], [2], [3]], [4, 4, 4]), ONE_TREE)).ensemble.words.length).toBe(2);
  });

  it('names options that are wrong or unknown', () => {
    expect(() => randomForest.parseOptions({ maxDepth: -3 })).toThrow('`random-forest.maxDepth` must be an integer >= 1, or null. Got -3.');
    expect(() => randomForest.parseOptions({ maxFeatures: 'all' })).toThrow(/`random-forest.maxFeatures` must be .* Got "all"/);
    expect(() => randomForest.parseOptions({ nestimators: 3 })).toThrow(
      /`random-forest.nestimators` must be one of the regressor's options/,
    );
  });

  it('refuses data that are not numbers', async () => {
    await expect(fit(dataOf([[1], [Number.NaN]], [1, 2]), {})).rejects.toThrow('`features[1].f0` must be a finite number. Got NaN.');
    await expect(fit(dataOf([[1], [2]], [1, Number.POSITIVE_INFINITY]), {})).rejects.toThrow('`targets[1]` must be a finite number.');
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    controller.abort();
    const context = { rng: new Rng(1), signal: controller.signal };
    await expect(randomForest.fit(dataOf([[1], [2]], [1, 2]), randomForest.parseOptions({}), context)).rejects.toMatchObject({
      code: 'ERR_ABORTED',
    });
  });

  it('keeps its golden numbers', async () => {
    const vectors = drawRows(50, 3, 9);
    const data = dataOf(
      vectors,
      vectors.map(([a, b, c]) => a! * 4 + b! - c!),
    );
    const forest = await fit(data, { nEstimators: 8, maxFeatures: 2 }, 42);
    expect([0.1, 0.5, 0.9].map((x) => forest.predictOne([x, x, x]))).toMatchInlineSnapshot(`
      [
        0.615234375,
        1.794921875,
        3.775390625,
      ]
    `);
  });
});
