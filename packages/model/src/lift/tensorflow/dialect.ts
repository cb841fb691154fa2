import type { Rules } from './tensorflow-node.ts';

/** The operators of one of TensorFlow's formats. */
export interface Dialect {
  readonly rules: Rules;
  /** Operators that move elements and do not look at them; they take integers of four bytes as well. */
  readonly moves: ReadonlySet<string>;
  /** Operators whose results are indices: integers that stand for floats of the same size. */
  readonly indices: ReadonlySet<string>;
  /** Operators that look up rows of a table at indices, and which operand those are. */
  readonly lookups: Readonly<Record<string, number>>;
  /** Operators that core has no word for, and whose result has the shape of their first operand. */
  readonly sameShape: ReadonlySet<string>;
  /** Operators that one would look for, with the reason why they are gaps. */
  readonly reasons: Readonly<Record<string, string>>;
}
