import type { FeatureMatrix } from '@nnm/core';
import { addTreesInLanes, canWalkInLanes } from './lane-walk.ts';
import { groupRows } from './row-groups.ts';
import { addTree, leafNode, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows handled together: enough to pay for laying the trees out, few enough to keep memory flat. */
const BLOCK_ROWS = 16_384;
/** Below this many rows a tree is walked as it is. */
const LANE_ROWS = 256;

/** Predictions of many rows; the same to the last bit as one by one. */
export function predictRows(ensemble: TreeEnsemble, features: FeatureMatrix): Float64Array {
  const predictions = new Float64Array(features.rows);
  const inLanes = features.rows >= LANE_ROWS && ensemble.roots.length > 0 && canWalkInLanes(ensemble);
  for (let first = 0; first < features.rows; first += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, features.rows - first);
    const block = new Float32Array(features.values.subarray(first * features.columns, (first + rows) * features.columns));
    const sums = predictions.subarray(first, first + rows);
    if (inLanes) addInLanes(ensemble, block, features.columns, sums);
    else for (let tree = 0; tree < ensemble.roots.length; tree++) addTree(ensemble, tree, block, features.columns, sums);
    for (let i = 0; i < rows; i++) sums[i] = ensemble.base + ensemble.scale * sums[i]!;
  }
  return predictions;
}

/** Rows that end near each other in two trees take like paths of like length in the others: walk those together. */
function addInLanes(ensemble: TreeEnsemble, block: Float32Array<ArrayBuffer>, columns: number, sums: Float64Array): void {
  const keys = new Float64Array(sums.length);
  for (let row = 0; row < keys.length; row++) keys[row] = leafPairKey(ensemble, block, row * columns) * BLOCK_ROWS + row;
  keys.sort();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < order.length; i++) order[i] = keys[i]! % BLOCK_ROWS;
  const rows = groupRows(block, columns, order);
  const sortedSums = new Float64Array(rows.rows);
  addTreesInLanes(ensemble, rows, sortedSums);
  for (let i = 0; i < order.length; i++) sums[order[i]!] = sortedSums[i]!;
}

/** Alike for rows alike: the leaf of the first tree, then that of the second. Trees walked in lanes have at most 2^17 nodes. */
function leafPairKey(ensemble: TreeEnsemble, block: Float32Array, offset: number): number {
  const first = leafNode(ensemble, 0, block, offset);
  if (ensemble.roots.length === 1) return first;
  return first * 2 ** 19 + leafNode(ensemble, 1, block, offset) - ensemble.roots[1]!;
}
