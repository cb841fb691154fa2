import type { Graph } from '../graph/types.ts';

/** One op of what may run as one: its operator and words that its attributes must be. */
export interface FusionStep {
  readonly ops: readonly string[];
  readonly where?: readonly Readonly<Record<string, readonly (string | number | boolean)[]>>[];
  /** What it takes besides the value of the op before: a `constant` (default) or any other `value`. */
  readonly others?: 'constant' | 'value';
}

/**
 * A question about a runtime that timing answers: do these ops run as one? They do when their model is faster than their models alone are
 * together, by more than half of what the fastest of them takes.
 */
export interface FusionCase {
  /** Such as `conv2d+relu`; unique among all plugins. */
  readonly id: string;
  /** What is asked, for people: `basic fusion`, `multiple outbound`, `ready tensor`, or a name of your own. */
  readonly group: string;
  readonly description: string;
  /** The ops as models of their own, and as one. */
  build(): { readonly alone: readonly Graph[]; readonly together: Graph };
  /** What the rules get when the answer is yes; absent where the answer is for people. */
  readonly steps?: readonly FusionStep[];
}
