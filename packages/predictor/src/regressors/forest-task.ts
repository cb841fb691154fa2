import type { ColumnTable } from './column-table.ts';
import type { ForestOptions } from './forest-options.ts';

/** All that the trees of a forest depend on. */
export interface ForestTask {
  readonly table: ColumnTable;
  /** One per row of the table. */
  readonly targets: Float64Array;
  /** One per row; absent when all count the same. */
  readonly rowWeights?: Float64Array;
  readonly options: ForestOptions;
  /** Each tree draws from a fork of this seed's generator that is named after the tree's number. */
  readonly seed: number;
}

/** One tree of a forest. */
export interface GrownTree {
  /** Its number, from 0. */
  readonly tree: number;
  /** Its nodes, the root first, as in `TreeEnsemble`. */
  readonly words: Int32Array<ArrayBuffer>;
  /** Rows that were not in its bag, and what it predicts for them; none without bootstrap. */
  readonly unseenRows: Int32Array<ArrayBuffer>;
  readonly unseenValues: Float32Array<ArrayBuffer>;
}
