import { defineRegressor, type Rng } from '@nnm/core';
import { z } from 'zod';
import { fittedEnsemble, restoreEnsemble } from '../predict/ensemble-regressor.ts';
import { addTree } from '../predict/tree-ensemble.ts';
import { checkTrainingData } from './check-training-data.ts';
import { buildColumnTable } from './column-table.ts';
import { type MaxFeatures, maxFeatures, resolveMaxFeatures } from './forest-options.ts';
import { NodeWriter } from './node-writer.ts';
import { integer, number, parseOptions } from './parse-options.ts';
import { pauseForAbort } from './pause-for-abort.ts';
import { TreeGrower } from './tree-grower.ts';

/** Options of gradient boosting. */
export interface BoostingOptions {
  /** Trees of each repeat. */
  readonly nEstimators: number;
  /** Share of each tree's correction that is applied. */
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  /** Share of the rows drawn, without replacement, for each tree. */
  readonly subsample: number;
  /** Features drawn for each split, as in the forest. */
  readonly maxFeatures: MaxFeatures;
  /** Shrinks the corrections of small leaves: added to the number of rows they are averaged over. */
  readonly l2: number;
  /** Independent boosted models whose predictions are averaged. */
  readonly repeats: number;
  /**
   * Share of the rows, at most 1, whose residuals count in full; larger ones are cut to the size at that share, so that a broken label
   * does not bend its surroundings (Huber loss, as Friedman has it). 1 cuts none.
   */
  readonly clip: number;
}

const FIELDS = {
  nEstimators: integer(1).default(600),
  learningRate: number(0, 1).default(0.05),
  maxDepth: integer(1).default(5),
  minSamplesLeaf: integer(1).default(2),
  subsample: number(0, 1).default(0.6),
  maxFeatures: maxFeatures.default(0.7),
  l2: z.number({ error: 'a number >= 0' }).min(0, { error: 'a number >= 0' }).default(1),
  repeats: integer(1).default(1),
  clip: number(0, 1).default(1),
};

/** Stochastic gradient boosting (Friedman) of least squares with exact CART splits. */
export const gradientBoosting = defineRegressor<BoostingOptions>({
  id: 'gradient-boosting',
  description: 'Gradient boosting: least squares, exact CART splits, subsampled rows and features.',
  parseOptions: (raw) => parseOptions('gradient-boosting', FIELDS, raw),
  async fit(data, options, { rng, signal }) {
    checkTrainingData(data);
    const table = buildColumnTable(data.features);
    const { rows, columns } = table;
    const limits = {
      maxDepth: options.maxDepth,
      minSamplesLeaf: options.minSamplesLeaf,
      minSamplesSplit: 2,
      featuresPerSplit: resolveMaxFeatures(options.maxFeatures, columns),
      l2: options.l2,
    };
    const draws = Math.max(1, Math.round(options.subsample * rows));
    const rowWeights = data.weights ?? new Float64Array(rows).fill(1);
    const base = weightedMean(data.targets, rowWeights);
    const grower = new TreeGrower(table);
    const writer = new NodeWriter(4096);
    const weights = rowWeights.slice();
    const rowOrder = Int32Array.from({ length: rows }, (_, row) => row);
    const corrections = new Float64Array(rows);
    const residuals = new Float64Array(rows);
    const clipped = new Float64Array(rows);
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      for (let row = 0; row < rows; row++) residuals[row] = data.targets[row]! - base;
      let largest = Number.POSITIVE_INFINITY;
      for (let tree = 0; tree < options.nEstimators; tree++) {
        await pauseForAbort(signal, tree, 'Fitting the boosted trees');
        const treeRng = rng.fork(`repeat-${repeat}-tree-${tree}`);
        if (draws < rows) drawRows(weights, rowWeights, rowOrder, draws, treeRng.fork('rows'));
        if (options.clip < 1 && tree % CLIP_EVERY === 0) largest = residualAt(residuals, options.clip);
        for (let row = 0; row < rows; row++) clipped[row] = Math.max(-largest, Math.min(largest, residuals[row]!));
        grower.grow(clipped, weights, limits, treeRng.fork('splits'), writer);
        corrections.fill(0);
        addTree(writer.lastTree(columns), 0, table.byRow, columns, corrections);
        for (let row = 0; row < rows; row++) residuals[row] = residuals[row]! - options.learningRate * corrections[row]!;
      }
    }
    return fittedEnsemble(writer.finish(columns, base, options.learningRate / options.repeats));
  },
  deserialise: restoreEnsemble,
});

/** Trees between two looks at how large residuals are. */
const CLIP_EVERY = 10;

function weightedMean(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, row) => sum + value * weights[row]!, 0) / weights.reduce((sum, weight) => sum + weight, 0);
}

/** The size that this share of the residuals does not exceed. */
function residualAt(residuals: Float64Array, share: number): number {
  return residuals.map(Math.abs).sort()[Math.floor(share * (residuals.length - 1))]!;
}

/** Give `draws` rows their own weight and the others 0; `order` is any permutation of the rows, shuffled further. */
function drawRows(weights: Float64Array, rowWeights: Float64Array, order: Int32Array, draws: number, rng: Rng): void {
  // Start from the identity, so that a tree's rows depend on its own generator only.
  for (let i = 0; i < order.length; i++) order[i] = i;
  weights.fill(0);
  for (let i = 0; i < draws; i++) {
    const drawn = i + Math.floor(rng.float() * (order.length - i));
    const row = order[drawn]!;
    order[drawn] = order[i]!;
    order[i] = row;
    weights[row] = rowWeights[row]!;
  }
}
