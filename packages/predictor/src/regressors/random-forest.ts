import { defineRegressor } from '@nnm/core';
import { fittedEnsemble, restoreEnsemble } from '../predict/ensemble-regressor.ts';
import type { TreeEnsemble } from '../predict/tree-ensemble.ts';
import { checkTrainingData } from './check-training-data.ts';
import { buildColumnTable } from './column-table.ts';
import { growForest } from './forest-grower.ts';
import { type ForestOptions, parseForestOptions } from './forest-options.ts';
import type { ForestTask, GrownTree } from './forest-task.ts';

/**
 * Random forest (Breiman), with scikit-learn's meaning of every option: CART trees, features drawn anew for every split, bootstrap by
 * weights, out-of-bag predictions, mean of the trees.
 *
 * Each tree has its own fork of the generator.
 */
export const randomForest = defineRegressor<ForestOptions>({
  id: 'random-forest',
  description: 'Random forest: CART, features drawn per split, bootstrap, out-of-bag predictions.',
  parseOptions: (raw) => parseForestOptions('random-forest', raw),
  async fit(data, options, { rng, signal }) {
    checkTrainingData(data);
    const table = buildColumnTable(data.features);
    const task: ForestTask = { table, targets: data.targets, ...(data.weights && { rowWeights: data.weights }), options, seed: rng.seed };
    const trees = await growForest(task, signal);
    const ensemble = joinTrees(trees, table.columns);
    return fittedEnsemble(ensemble, options.bootstrap ? averageUnseen(trees, table.rows) : undefined);
  },
  deserialise: restoreEnsemble,
});

function joinTrees(trees: readonly GrownTree[], featureCount: number): TreeEnsemble {
  const words = new Int32Array(trees.reduce((sum, tree) => sum + tree.words.length, 0));
  const roots = new Int32Array(trees.length);
  let at = 0;
  trees.forEach((tree, i) => {
    roots[i] = at / 2;
    words.set(tree.words, at);
    at += tree.words.length;
  });
  return { featureCount, base: 0, scale: 1 / trees.length, roots, words, floats: new Float32Array(words.buffer) };
}

/** Out-of-bag predictions: for each row, the mean of the trees that did not see it. */
function averageUnseen(trees: readonly GrownTree[], rows: number): Float64Array {
  const sums = new Float64Array(rows);
  const counts = new Int32Array(rows);
  for (const { unseenRows, unseenValues } of trees) {
    unseenRows.forEach((row, i) => {
      sums[row] = sums[row]! + unseenValues[i]!;
      counts[row] = counts[row]! + 1;
    });
  }
  return sums.map((sum, row) => (counts[row] === 0 ? Number.NaN : sum / counts[row]!));
}
