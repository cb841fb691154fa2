import { Rng } from '@nnm/core';
import { leafValue, type TreeEnsemble } from '../predict/tree-ensemble.ts';
import { resolveForestLimits } from './forest-options.ts';
import type { ForestTask, GrownTree } from './forest-task.ts';
import { NodeWriter } from './node-writer.ts';
import { pauseForAbort } from './pause-for-abort.ts';
import { type GrowthLimits, TreeGrower } from './tree-grower.ts';

/** Grows single trees of a forest, in any order: a tree depends on the task and its own number only. Keeps its scratch memory. */
export class ForestGrower {
  private readonly grower: TreeGrower;
  private readonly limits: GrowthLimits;
  private readonly weights: Float64Array;
  private readonly draws: number;
  private readonly rng: Rng;

  constructor(private readonly task: ForestTask) {
    const { table, options, seed } = task;
    this.grower = new TreeGrower(table);
    this.limits = resolveForestLimits(options, table.rows, table.columns);
    this.weights = new Float64Array(table.rows).fill(1);
    this.draws = options.maxSamples === null ? table.rows : resolveDraws(options.maxSamples, table.rows);
    this.rng = new Rng(seed);
  }

  /** Grow the tree with this number. */
  grow(tree: number): GrownTree {
    const { table, targets, options, rowWeights } = this.task;
    const rng = this.rng.fork(`tree-${tree}`);
    if (options.bootstrap) drawBootstrap(this.weights, this.draws, rng.fork('bootstrap'));
    else this.weights.fill(1);
    if (rowWeights !== undefined) for (let row = 0; row < table.rows; row++) this.weights[row] = this.weights[row]! * rowWeights[row]!;
    const writer = new NodeWriter(table.rows * 2);
    this.grower.grow(targets, this.weights, this.limits, rng.fork('splits'), writer);
    const grown = writer.finish(table.columns, 0, 1);
    return { tree, words: grown.words, ...this.predictUnseen(grown) };
  }

  private predictUnseen(grown: TreeEnsemble): Pick<GrownTree, 'unseenRows' | 'unseenValues'> {
    const { rows, columns, byRow } = this.task.table;
    const { weights } = this;
    let count = 0;
    for (let row = 0; row < rows; row++) if (weights[row] === 0) count++;
    const unseenRows = new Int32Array(count);
    const unseenValues = new Float32Array(count);
    for (let row = 0, i = 0; i < count; row++) {
      if (weights[row] !== 0) continue;
      unseenRows[i] = row;
      unseenValues[i++] = leafValue(grown, 0, byRow, row * columns);
    }
    return { unseenRows, unseenValues };
  }
}

/**
 * Grow every tree of a forest, in their order.
 *
 * @throws {@link AbortedError} when stopped
 */
export async function growForest(task: ForestTask, signal?: AbortSignal): Promise<readonly GrownTree[]> {
  const grower = new ForestGrower(task);
  const trees: GrownTree[] = [];
  for (let tree = 0; tree < task.options.nEstimators; tree++) {
    await pauseForAbort(signal, tree, 'Fitting the random forest');
    trees.push(grower.grow(tree));
  }
  return trees;
}

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
