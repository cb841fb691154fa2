import { type CodeRanges, LANES, type RowGroups } from './row-groups.ts';
import { nodeFeature, nodeRightOffset, type TreeEnsemble } from './tree-ensemble.ts';

/** A feature times the lanes: where its values start in a group of rows. */
const FEATURE_BITS = 13;
const FEATURE_MASK = (1 << FEATURE_BITS) - 1;
const LANE_BITS = 3;
/** Nodes of a tree that the other bits of word 1, one of them a sign, can count; see {@link layOut}. */
const MOST_NODES = 2 ** (30 - FEATURE_BITS);

/**
 * Add every tree's leaf value of each row to `sums`, with few unpredictable branches.
 *
 * Whether a row goes left or right is a coin toss for the processor's branch predictor, and a wrong guess costs more than the comparison.
 * Floats that are not negative compare like their bits as integers, so the sign of a difference becomes the step to the right child, and
 * eight rows walk together to hide the latency of memory. Where the ranges of the features say that 64 or 8 rows all go the same way, they
 * take the step as one: with rows in a good order that is half of the way.
 *
 * @param sums - one per row of `rows`, those that fill up the last group included
 */
export function addTreesInLanes(ensemble: TreeEnsemble, rows: RowGroups, sums: Float64Array): void {
  let largest = 0;
  const { roots, floats } = ensemble;
  const nodes = ensemble.words.length / 2;
  for (let tree = 0; tree < roots.length; tree++) largest = Math.max(largest, (roots[tree + 1] ?? nodes) - roots[tree]!);
  const room = new Int32Array(largest * 2);
  for (let tree = 0; tree < roots.length; tree++) {
    layOut(ensemble, roots[tree]!, (roots[tree + 1] ?? nodes) - roots[tree]!, room);
    walk(room, rows, sums, floats, roots[tree]! * 2);
  }
}

/** True when {@link addTreesInLanes} can walk these trees: no threshold is negative, and no tree is huge. */
export function canWalkInLanes({ words, roots }: TreeEnsemble): boolean {
  for (let tree = 0; tree < roots.length; tree++) {
    if ((roots[tree + 1] ?? words.length / 2) - roots[tree]! > MOST_NODES) return false;
  }
  for (let at = 0; at < words.length; at += 2) if (words[at + 1] !== 0 && words[at]! < 0) return false;
  return true;
}

/**
 * A tree in the form that is walked, two words per node, in pre-order.
 *
 * Word 0 is the threshold as the bits of its float. Word 1 is `(nodes between the left and the right child) << 14 | feature * 8`. A leaf has
 * the threshold -1, below every code, and is its own right child: -1 << 14 | 1.
 */
function layOut({ words }: TreeEnsemble, root: number, count: number, nodes: Int32Array): void {
  for (let node = 0; node < count; node++) {
    const word = words[(root + node) * 2 + 1]!;
    // -1 for a leaf, 0 for an inner node, whose word is positive in a tree of this size
    const leaf = (word - 1) >> 31;
    nodes[node * 2 + 1] = ((nodeRightOffset(word) - 1) << (FEATURE_BITS + 1)) | (nodeFeature(word) << LANE_BITS) | (leaf & 1);
    nodes[node * 2] = words[(root + node) * 2]! | leaf;
  }
}

/** The node where rows with these ranges of codes part, or the leaf they share. */
function walkAsOne(nodes: Int32Array, start: number, { lows, highs }: CodeRanges, base: number): number {
  let at = start;
  for (;;) {
    const link = nodes[at + 1]!;
    const feature = base + ((link & FEATURE_MASK) >>> LANE_BITS);
    const lowGoesRight = (nodes[at]! - lows[feature]!) >> 31;
    if ((link & 1) !== 0 || lowGoesRight !== (nodes[at]! - highs[feature]!) >> 31) return at;
    at += 2 + ((link >> FEATURE_BITS) & lowGoesRight);
  }
}

function walk(
  nodes: Int32Array,
  { codes, columns, groups, bundles }: RowGroups,
  sums: Float64Array,
  floats: Float32Array,
  root: number,
): void {
  let bundleStart = 0;
  for (let row = 0; row < sums.length; row += LANES) {
    const base = row * columns;
    const group = row / LANES;
    if (group % LANES === 0) bundleStart = walkAsOne(nodes, 0, bundles, (group / LANES) * columns);
    const start = walkAsOne(nodes, bundleStart, groups, group * columns);
    let a = start;
    let b = start;
    let c = start;
    let d = start;
    let e = start;
    let f = start;
    let g = start;
    let h = start;
    for (;;) {
      const la = nodes[a + 1]!;
      const lb = nodes[b + 1]!;
      const lc = nodes[c + 1]!;
      const ld = nodes[d + 1]!;
      const le = nodes[e + 1]!;
      const lf = nodes[f + 1]!;
      const lg = nodes[g + 1]!;
      const lh = nodes[h + 1]!;
      if ((la & lb & lc & ld & le & lf & lg & lh & 1) !== 0) break;
      a += 2 + ((la >> FEATURE_BITS) & ((nodes[a]! - codes[base + (la & FEATURE_MASK)]!) >> 31));
      b += 2 + ((lb >> FEATURE_BITS) & ((nodes[b]! - codes[base + (lb & FEATURE_MASK) + 1]!) >> 31));
      c += 2 + ((lc >> FEATURE_BITS) & ((nodes[c]! - codes[base + (lc & FEATURE_MASK) + 2]!) >> 31));
      d += 2 + ((ld >> FEATURE_BITS) & ((nodes[d]! - codes[base + (ld & FEATURE_MASK) + 3]!) >> 31));
      e += 2 + ((le >> FEATURE_BITS) & ((nodes[e]! - codes[base + (le & FEATURE_MASK) + 4]!) >> 31));
      f += 2 + ((lf >> FEATURE_BITS) & ((nodes[f]! - codes[base + (lf & FEATURE_MASK) + 5]!) >> 31));
      g += 2 + ((lg >> FEATURE_BITS) & ((nodes[g]! - codes[base + (lg & FEATURE_MASK) + 6]!) >> 31));
      h += 2 + ((lh >> FEATURE_BITS) & ((nodes[h]! - codes[base + (lh & FEATURE_MASK) + 7]!) >> 31));
    }
    sums[row] = sums[row]! + floats[root + a]!;
    sums[row + 1] = sums[row + 1]! + floats[root + b]!;
    sums[row + 2] = sums[row + 2]! + floats[root + c]!;
    sums[row + 3] = sums[row + 3]! + floats[root + d]!;
    sums[row + 4] = sums[row + 4]! + floats[root + e]!;
    sums[row + 5] = sums[row + 5]! + floats[root + f]!;
    sums[row + 6] = sums[row + 6]! + floats[root + g]!;
    sums[row + 7] = sums[row + 7]! + floats[root + h]!;
  }
}
