/** Rows that walk down a tree together. */
export const LANES = 8;

const LOWEST = -0x8000_0000;
const HIGHEST = 0x7fff_ffff;

/**
 * Rows prepared for walking: as integers that compare like their 32-bit floats, in groups of eight, in each group feature by feature, so
 * that rows that walk together share cache lines; and the smallest and largest code of each feature in every group, and in every bundle of
 * eight groups.
 */
export interface RowGroups {
  /** Groups times {@link LANES}: the last group is filled up with its last row. */
  readonly rows: number;
  readonly columns: number;
  /** Feature `f` of row `g * 8 + lane` at `(g * columns + f) * 8 + lane`, and one number more, which a leaf of the last row looks at. */
  readonly codes: Int32Array;
  /** The smallest code of feature `f` in group `g` at `g * columns + f`; the largest ones follow in a second half. */
  readonly groups: Int32Array;
  /** The same of the bundles. */
  readonly bundles: Int32Array;
}

/**
 * Encode rows in a given order.
 *
 * @param block - 32-bit floats, row-major
 * @param order - the rows wanted; rows alike should stand side by side
 */
export function groupRows(block: Float32Array<ArrayBuffer>, columns: number, order: Int32Array): RowGroups {
  const bits = new Int32Array(block.buffer, block.byteOffset, block.length);
  const groupCount = Math.ceil(order.length / LANES);
  const bundleCount = Math.ceil(groupCount / LANES);
  const codes = new Int32Array(groupCount * LANES * columns + 1);
  const groups = emptyRanges(groupCount * columns);
  const bundles = emptyRanges(bundleCount * columns);
  for (let i = 0; i < groupCount * LANES; i++) {
    const row = order[Math.min(i, order.length - 1)]! * columns;
    const lane = i % LANES;
    const group = (i - lane) / LANES;
    const bundle = (group >> 3) * columns;
    for (let column = 0; column < columns; column++) {
      const code = encode(bits[row + column]!);
      codes[(group * columns + column) * LANES + lane] = code;
      widen(groups, group * columns + column, code);
      widen(bundles, bundle + column, code);
    }
  }
  return { rows: groupCount * LANES, columns, codes, groups, bundles };
}

/** A negative float's bits grow as it falls, -0 is just below 0, and nothing is as low as the threshold of a leaf. */
function encode(bits: number): number {
  return bits >= 0 ? bits : Math.max(bits ^ HIGHEST, LOWEST + 1);
}

function emptyRanges(length: number): Int32Array {
  return new Int32Array(2 * length).fill(HIGHEST, 0, length).fill(LOWEST, length);
}

function widen(ranges: Int32Array, at: number, code: number): void {
  const high = at + ranges.length / 2;
  if (code < ranges[at]!) ranges[at] = code;
  if (code > ranges[high]!) ranges[high] = code;
}
