/** Rows that walk down a tree together. */
export const LANES = 8;
/** Rows of a bundle: eight groups, which walk as one for as long as their rows agree. */
const BUNDLE = LANES * LANES;

/**
 * Rows prepared for walking: as integers that compare like their 32-bit floats, in groups of eight, in each group feature by feature, so
 * that rows that walk together share cache lines; and the smallest and largest code of each feature in every group and bundle.
 */
export interface RowGroups {
  /** Groups times {@link LANES}: the last group is filled up with its last row. */
  readonly rows: number;
  readonly columns: number;
  /** Feature `f` of row `g * 8 + lane` at `(g * columns + f) * 8 + lane`, and one number more, which a leaf of the last row looks at. */
  readonly codes: Int32Array;
  readonly groups: CodeRanges;
  readonly bundles: CodeRanges;
}

/** Ranges of codes: those of feature `f` of the `n`-th set of rows at `n * columns + f`. */
export interface CodeRanges {
  readonly lows: Int32Array;
  readonly highs: Int32Array;
}

/**
 * Encode rows in a given order. Negative numbers become 0: they are below every threshold of trees that can be walked in lanes.
 *
 * @param block - 32-bit floats, row-major
 * @param order - the rows wanted; rows alike should stand side by side
 */
export function groupRows(block: Float32Array<ArrayBuffer>, columns: number, order: Int32Array): RowGroups {
  const bits = new Int32Array(block.buffer, block.byteOffset, block.length);
  const groupCount = Math.ceil(order.length / LANES);
  const codes = new Int32Array(groupCount * LANES * columns + 1);
  for (let i = 0; i < groupCount * LANES; i++) {
    const row = order[Math.min(i, order.length - 1)]!;
    const lane = i % LANES;
    const first = (i - lane) * columns + lane;
    for (let column = 0; column < columns; column++) {
      const code = bits[row * columns + column]!;
      codes[first + column * LANES] = code < 0 ? 0 : code;
    }
  }
  const groups = rangesOf(groupCount * columns, ({ lows, highs }) => {
    for (let i = 0; i < codes.length - 1; i++) widen(lows, highs, Math.floor(i / LANES), codes[i]!, codes[i]!);
  });
  const bundles = rangesOf(Math.ceil((groupCount * LANES) / BUNDLE) * columns, ({ lows, highs }) => {
    for (let i = 0; i < groups.lows.length; i++) {
      const bundle = Math.floor(i / (columns * LANES));
      widen(lows, highs, bundle * columns + (i % columns), groups.lows[i]!, groups.highs[i]!);
    }
  });
  return { rows: groupCount * LANES, columns, codes, groups, bundles };
}

function rangesOf(length: number, fill: (ranges: CodeRanges) => void): CodeRanges {
  const ranges = { lows: new Int32Array(length).fill(0x7fffffff), highs: new Int32Array(length) };
  fill(ranges);
  return ranges;
}

function widen(lows: Int32Array, highs: Int32Array, at: number, low: number, high: number): void {
  if (low < lows[at]!) lows[at] = low;
  if (high > highs[at]!) highs[at] = high;
}
