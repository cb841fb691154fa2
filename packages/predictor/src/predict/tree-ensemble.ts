/** Most features a tree may split on: a node keeps the feature in 10 bits. */
export const MAX_FEATURES = 1024;
/** Most nodes between a node and its right child: kept in 22 bits. */
export const MAX_RIGHT_OFFSET = 2 ** 22 - 1;

const FEATURE_BITS = 10;
const FEATURE_MASK = MAX_FEATURES - 1;

/**
 * Regression trees, ready to predict: `base + scale * (sum of the leaf values reached)`.
 *
 * Two 32-bit words per node, in pre-order, so that a left child follows its parent. Word 0 is a float: the threshold, or the value of
 * a leaf. Word 1 is 0 for a leaf, else `feature | rightOffset << 10`, the offset counted in nodes. A row goes left when its feature,
 * rounded to 32-bit floating point as scikit-learn does, is at most the threshold.
 */
export interface TreeEnsemble {
  readonly featureCount: number;
  readonly base: number;
  readonly scale: number;
  /** Index of each tree's root, in nodes. */
  readonly roots: Int32Array;
  readonly words: Int32Array;
  /** The same memory as `words`. */
  readonly floats: Float32Array;
}

/** Word 1 of an inner node. */
export function packNode(feature: number, rightOffset: number): number {
  return feature | (rightOffset << FEATURE_BITS);
}

/** The feature an inner node splits on. */
export function nodeFeature(word: number): number {
  return word & FEATURE_MASK;
}

/** Prediction of one row. */
export function predictRow(ensemble: TreeEnsemble, features: ArrayLike<number>): number {
  const { words, floats, roots, featureCount } = ensemble;
  const row = new Float32Array(featureCount);
  for (let column = 0; column < featureCount; column++) row[column] = features[column]!;
  let sum = 0;
  for (let tree = 0; tree < roots.length; tree++) sum += floats[leafWord(words, floats, roots[tree]! << 1, row, 0)]!;
  return ensemble.base + ensemble.scale * sum;
}

/** Leaf values of one row, one per tree, in the order of the trees and before `base` and `scale`. */
export function leafValues(ensemble: TreeEnsemble, features: ArrayLike<number>): Float32Array {
  const { words, floats, roots } = ensemble;
  const row = Float32Array.from(features);
  return Float32Array.from(roots, (root) => floats[leafWord(words, floats, root << 1, row, 0)]!);
}

/** Add a tree's leaf value of each row (32-bit, row-major) to `sums`. */
export function addTree(ensemble: TreeEnsemble, tree: number, block: Float32Array, columns: number, sums: Float64Array): void {
  const { words, floats } = ensemble;
  const root = ensemble.roots[tree]! << 1;
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + floats[leafWord(words, floats, root, block, i * columns)]!;
}

/** A tree's leaf value of one row of 32-bit floats; `offset` is where the row starts. */
export function leafValue(ensemble: TreeEnsemble, tree: number, block: Float32Array, offset: number): number {
  const { words, floats } = ensemble;
  return floats[leafWord(words, floats, ensemble.roots[tree]! << 1, block, offset)]!;
}

/** Index of the leaf, in nodes, that a row of 32-bit floats reaches; `offset` is where the row starts. */
export function leafNode(ensemble: TreeEnsemble, tree: number, block: Float32Array, offset: number): number {
  return leafWord(ensemble.words, ensemble.floats, ensemble.roots[tree]! << 1, block, offset) >> 1;
}

function leafWord(words: Int32Array, floats: Float32Array, root: number, row: Float32Array, offset: number): number {
  let at = root;
  for (let word = words[at + 1]!; word !== 0; word = words[at + 1]!) {
    at += row[offset + (word & FEATURE_MASK)]! <= floats[at]! ? 2 : (word >>> FEATURE_BITS) << 1;
  }
  return at;
}
