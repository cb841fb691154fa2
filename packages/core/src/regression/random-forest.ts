import { fittedEnsemble, restoreEnsemble } from '../predictor/ensemble-regressor.ts';
import { leafValue } from '../predictor/tree-ensemble.ts';
import type { Rng } from '../random/index.ts';
import { checkTrainingData } from './check-training-data.ts';
import { buildColumnTable } from './column-table.ts';
import { type ForestOptions, parseForestOptions, resolveForestLimits } from './forest-options.ts';
import { NodeWriter } from './node-writer.ts';
import { pauseForAbort } from './pause-for-abort.ts';
import { TreeGrower } from './tree-grower.ts';
import { defineRegressor } from './types.ts';

/**
 * Random forest (Breiman), with scikit-learn's meaning of every option: CART trees, features drawn anew for every split, bootstrap by
 * weights, out-of-bag predictions, mean of the trees.
 *
 * Each tree has its own fork of the generator, so a forest does not depend on how its trees are shared out among workers.
 */
export const randomForest = defineRegressor<ForestOptions>({
  id: 'random-forest',
  description: 'Random forest: CART, features drawn per split, bootstrap, out-of-bag predictions.',
  parseOptions: (raw) => parseForestOptions('random-forest', raw),
  async fit(data, options, { rng, signal }) {
    checkTrainingData(data);
    const table = buildColumnTable(data.features);
    const { rows, columns } = table;
    const limits = resolveForestLimits(options, rows, columns);
    const draws = options.maxSamples === null ? rows : resolveDraws(options.maxSamples, rows);
    const grower = new TreeGrower(table);
    const writer = new NodeWriter(Math.min(options.nEstimators * rows * 2, 2 ** 22));
    const weights = new Float64Array(rows).fill(1);
    const sums = new Float64Array(rows);
    const counts = new Int32Array(rows);
    for (let tree = 0; tree < options.nEstimators; tree++) {
      await pauseForAbort(signal, tree, 'Fitting the random forest');
      const treeRng = rng.fork(`tree-${tree}`);
      if (options.bootstrap) drawBootstrap(weights, draws, treeRng.fork('bootstrap'));
      grower.grow(data.targets, weights, limits, treeRng.fork('splits'), writer);
      if (!options.bootstrap) continue;
      const grown = writer.lastTree(columns);
      for (let row = 0; row < rows; row++) {
        if (weights[row] !== 0) continue;
        sums[row] = sums[row]! + leafValue(grown, 0, table.byRow, row * columns);
        counts[row] = counts[row]! + 1;
      }
    }
    const ensemble = writer.finish(columns, 0, 1 / options.nEstimators);
    return fittedEnsemble(
      ensemble,
      options.bootstrap ? sums.map((sum, row) => (counts[row] === 0 ? Number.NaN : sum / counts[row]!)) : undefined,
    );
  },
  deserialise: restoreEnsemble,
});

function resolveDraws(maxSamples: number, rows: number): number {
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : Math.min(rows, maxSamples);
}

function drawBootstrap(weights: Float64Array, draws: number, rng: Rng): void {
  weights.fill(0);
  for (let i = 0; i < draws; i++) {
    const row = Math.floor(rng.float() * weights.length);
    weights[row] = weights[row]! + 1;
  }
}
