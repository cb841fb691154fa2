/*
 * Walks rows down regression trees: AssemblyScript, which `npm run make:lane-walk` compiles into
 * src/predictor/generated/lane-walk-module.ts. src/predictor/lane-walk.ts calls it and says how rows and trees are laid out.
 *
 * JavaScript would check the bounds of every access; this does not, and takes little more than half the time.
 */

const FEATURE_BITS: i32 = 13;
const FEATURE_MASK: i32 = (1 << FEATURE_BITS) - 1;
const NODE_BYTES: i32 = 8;
const LANES: i32 = 8;

/**
 * Add the leaf value that a tree gives each row to `sums`. All arguments but the counts are addresses.
 *
 * @param words - the tree as it is kept, two words per node
 * @param nodes - room for as many words: the tree as it is walked
 * @param codes - rows in groups of eight, feature by feature
 * @param groups - lows and then highs of every group's features
 * @param bundles - the same of every eight groups
 */
export function addTree(
  words: usize,
  nodeCount: i32,
  nodes: usize,
  codes: usize,
  columns: i32,
  groupCount: i32,
  groups: usize,
  bundles: usize,
  sums: usize,
): void {
  layOut(words, nodeCount, nodes);
  const rangeBytes = <usize>columns << 2;
  const groupHighs = groups + <usize>groupCount * rangeBytes;
  const bundleHighs = bundles + (<usize>(groupCount + LANES - 1) >> 3) * rangeBytes;
  let bundleStart: i32 = 0;
  for (let group: i32 = 0; group < groupCount; group++) {
    if ((group & (LANES - 1)) == 0) {
      const range = <usize>(group >> 3) * rangeBytes;
      bundleStart = walkAsOne(nodes, 0, bundles + range, bundleHighs + range);
    }
    const range = <usize>group * rangeBytes;
    const start = walkAsOne(nodes, bundleStart, groups + range, groupHighs + range);
    walkInLanes(nodes, start, codes + range * LANES, words, sums + <usize>group * 64);
  }
}

/**
 * A tree in the form that is walked: the threshold as a code, then `(nodes between the left and the right child) << 14 | feature * 8`.
 * A leaf has a threshold below every code and is its own right child: -1 << 14 | 1.
 */
function layOut(words: usize, count: i32, nodes: usize): void {
  const end = words + <usize>count * NODE_BYTES;
  for (let from = words, to = nodes; from < end; from += NODE_BYTES, to += NODE_BYTES) {
    const link = load<i32>(from, 4);
    const bits = load<i32>(from);
    // A negative float's bits grow as it falls. -0 is 0, at which both zeros go left.
    const code = bits == i32.MIN_VALUE ? 0 : bits ^ ((bits >> 31) & i32.MAX_VALUE);
    store<i32>(to, link == 0 ? i32.MIN_VALUE : code);
    store<i32>(to, link == 0 ? (-1 << (FEATURE_BITS + 1)) | 1 : (((link >>> 10) - 1) << (FEATURE_BITS + 1)) | ((link & 1023) << 3), 4);
  }
}

/** The node where rows with these ranges of codes part, or the leaf they share. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function walkAsOne(nodes: usize, start: i32, lows: usize, highs: usize): i32 {
  let at = start;
  while (true) {
    const link = load<i32>(nodes + at, 4);
    const threshold = load<i32>(nodes + at);
    const feature = <usize>((link & FEATURE_MASK) >> 3) << 2;
    const right = threshold < load<i32>(lows + feature);
    if ((link & 1) != 0 || right != threshold < load<i32>(highs + feature)) return at;
    at += NODE_BYTES + select<i32>((link >> (FEATURE_BITS + 1)) << 3, 0, right);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function step(nodes: usize, at: i32, link: i32, codes: usize, lane: usize): i32 {
  const code = load<i32>(codes + (<usize>(link & FEATURE_MASK) << 2) + (lane << 2));
  return at + NODE_BYTES + select<i32>((link >> (FEATURE_BITS + 1)) << 3, 0, load<i32>(nodes + at) < code);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function addLeaf(sums: usize, words: usize, leaf: i32): void {
  store<f64>(sums, load<f64>(sums) + <f64>load<f32>(words + leaf));
}

/** Eight rows go on together to hide the latency of memory; one that has reached its leaf stays there. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function walkInLanes(nodes: usize, start: i32, codes: usize, words: usize, sums: usize): void {
  let a = start;
  let b = start;
  let c = start;
  let d = start;
  let e = start;
  let f = start;
  let g = start;
  let h = start;
  while (true) {
    const la = load<i32>(nodes + a, 4);
    const lb = load<i32>(nodes + b, 4);
    const lc = load<i32>(nodes + c, 4);
    const ld = load<i32>(nodes + d, 4);
    const le = load<i32>(nodes + e, 4);
    const lf = load<i32>(nodes + f, 4);
    const lg = load<i32>(nodes + g, 4);
    const lh = load<i32>(nodes + h, 4);
    if ((la & lb & lc & ld & le & lf & lg & lh & 1) != 0) break;
    a = step(nodes, a, la, codes, 0);
    b = step(nodes, b, lb, codes, 1);
    c = step(nodes, c, lc, codes, 2);
    d = step(nodes, d, ld, codes, 3);
    e = step(nodes, e, le, codes, 4);
    f = step(nodes, f, lf, codes, 5);
    g = step(nodes, g, lg, codes, 6);
    h = step(nodes, h, lh, codes, 7);
  }
  addLeaf(sums, words, a);
  addLeaf(sums + 8, words, b);
  addLeaf(sums + 16, words, c);
  addLeaf(sums + 24, words, d);
  addLeaf(sums + 32, words, e);
  addLeaf(sums + 40, words, f);
  addLeaf(sums + 48, words, g);
  addLeaf(sums + 56, words, h);
}
