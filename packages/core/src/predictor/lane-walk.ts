import { nodeFeature, nodeRightOffset, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows that walk down a tree together. */
const LANES = 8;
/** A feature times the lanes: where its values start in a group of rows. */
const FEATURE_BITS = 13;
const FEATURE_MASK = (1 << FEATURE_BITS) - 1;
/** Nodes that the other bits of a link can count. */
const MOST_NODES = 2 ** (32 - FEATURE_BITS);
/** Above every code of a finite or infinite float: a leaf sends every row "left", which is the leaf itself. */
const ALWAYS_LEFT = 0x7fffffff;

/** Room for one tree at a time in the form that {@link addTreesInLanes} walks. */
interface LaneTree {
  /** `left child << 13 | feature * 8`; the right child is the next node. A leaf is its own left child. */
  readonly links: Int32Array;
  /** Thresholds as the bits of their float. */
  readonly thresholds: Int32Array;
  readonly leaves: Float32Array;
}

/**
 * Add every tree's leaf value of each row to `sums`, without a single unpredictable branch.
 *
 * Whether a row goes left or right is a coin toss for the processor's branch predictor, and a wrong guess costs more than the comparison.
 * Floats that are not negative compare like their bits as integers, so the sign of a difference becomes the step to the right child, and
 * eight rows walk together to hide the latency of memory.
 *
 * @param codes - rows as {@link encodeRows} makes them
 * @param sums - one per row of `codes`, those that fill up the last group included
 */
export function addTreesInLanes(ensemble: TreeEnsemble, codes: Int32Array, columns: number, sums: Float64Array): void {
  let largest = 0;
  const { roots } = ensemble;
  const nodes = ensemble.words.length / 2;
  for (let tree = 0; tree < roots.length; tree++) largest = Math.max(largest, (roots[tree + 1] ?? nodes) - roots[tree]!);
  const room: LaneTree = { links: new Int32Array(largest), thresholds: new Int32Array(largest), leaves: new Float32Array(largest) };
  const place = new Int32Array(largest);
  for (let tree = 0; tree < roots.length; tree++) {
    layOut(ensemble, roots[tree]!, (roots[tree + 1] ?? nodes) - roots[tree]!, room, place);
    walk(room, codes, columns, sums);
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
 * Rows of 32-bit floats, in the given order, as integers that compare alike: groups of eight rows, in each group feature by feature, so that
 * rows that walk together share cache lines. The last group is filled up with zeros. Negative numbers become 0: they are below every
 * threshold anyhow.
 */
export function encodeRows(block: Float32Array<ArrayBuffer>, columns: number, order: Int32Array): Int32Array {
  const bits = new Int32Array(block.buffer, block.byteOffset, block.length);
  const codes = new Int32Array(Math.ceil(order.length / LANES) * LANES * columns);
  for (let i = 0; i < order.length; i++) {
    const lane = i % LANES;
    const first = (i - lane) * columns + lane;
    for (let column = 0; column < columns; column++) {
      const code = bits[order[i]! * columns + column]!;
      codes[first + column * LANES] = code < 0 ? 0 : code;
    }
  }
  return codes;
}

/** Lay a tree out so that both children of a node stand side by side. */
function layOut(
  { words, floats }: TreeEnsemble,
  root: number,
  nodes: number,
  { links, thresholds, leaves }: LaneTree,
  place: Int32Array,
): void {
  let next = 1;
  place[0] = 0;
  for (let node = 0; node < nodes; node++) {
    const word = words[(root + node) * 2 + 1]!;
    const self = place[node]!;
    if (word === 0) {
      links[self] = self << FEATURE_BITS;
      thresholds[self] = ALWAYS_LEFT;
      leaves[self] = floats[(root + node) * 2]!;
      continue;
    }
    links[self] = (next << FEATURE_BITS) | (nodeFeature(word) * LANES);
    thresholds[self] = words[(root + node) * 2]!;
    place[node + 1] = next;
    place[node + nodeRightOffset(word)] = next + 1;
    next += 2;
  }
}

function walk({ links, thresholds, leaves }: LaneTree, codes: Int32Array, columns: number, sums: Float64Array): void {
  for (let row = 0; row < sums.length; row += LANES) {
    const base = row * columns;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (let moved = 1; moved !== 0; ) {
      const la = links[a]!;
      const na = (la >>> FEATURE_BITS) + ((thresholds[a]! - codes[base + (la & FEATURE_MASK)]!) >>> 31);
      const lb = links[b]!;
      const nb = (lb >>> FEATURE_BITS) + ((thresholds[b]! - codes[base + (lb & FEATURE_MASK) + 1]!) >>> 31);
      const lc = links[c]!;
      const nc = (lc >>> FEATURE_BITS) + ((thresholds[c]! - codes[base + (lc & FEATURE_MASK) + 2]!) >>> 31);
      const ld = links[d]!;
      const nd = (ld >>> FEATURE_BITS) + ((thresholds[d]! - codes[base + (ld & FEATURE_MASK) + 3]!) >>> 31);
      const le = links[e]!;
      const ne = (le >>> FEATURE_BITS) + ((thresholds[e]! - codes[base + (le & FEATURE_MASK) + 4]!) >>> 31);
      const lf = links[f]!;
      const nf = (lf >>> FEATURE_BITS) + ((thresholds[f]! - codes[base + (lf & FEATURE_MASK) + 5]!) >>> 31);
      const lg = links[g]!;
      const ng = (lg >>> FEATURE_BITS) + ((thresholds[g]! - codes[base + (lg & FEATURE_MASK) + 6]!) >>> 31);
      const lh = links[h]!;
      const nh = (lh >>> FEATURE_BITS) + ((thresholds[h]! - codes[base + (lh & FEATURE_MASK) + 7]!) >>> 31);
      moved = (a ^ na) | (b ^ nb) | (c ^ nc) | (d ^ nd) | (e ^ ne) | (f ^ nf) | (g ^ ng) | (h ^ nh);
      a = na;
      b = nb;
      c = nc;
      d = nd;
      e = ne;
      f = nf;
      g = ng;
      h = nh;
    }
    sums[row] = sums[row]! + leaves[a]!;
    sums[row + 1] = sums[row + 1]! + leaves[b]!;
    sums[row + 2] = sums[row + 2]! + leaves[c]!;
    sums[row + 3] = sums[row + 3]! + leaves[d]!;
    sums[row + 4] = sums[row + 4]! + leaves[e]!;
    sums[row + 5] = sums[row + 5]! + leaves[f]!;
    sums[row + 6] = sums[row + 6]! + leaves[g]!;
    sums[row + 7] = sums[row + 7]! + leaves[h]!;
  }
}
