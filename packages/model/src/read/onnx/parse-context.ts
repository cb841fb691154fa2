import type { WireReader } from './wire-reader.ts';

/** Nodes, tensors, attributes and names of a file; the largest models have some hundred thousand. */
const MOST_PARTS = 5_000_000;

/** What parsing one file adds up. */
export class ParseContext {
  /** Bytes of all constants. */
  weightBytes = 0;
  /** Relative paths of files that hold constants. */
  readonly externalFiles = new Set<string>();
  private parts = 0;

  /** Count something that stays in memory, so that a small file cannot fill it. */
  spend(reader: WireReader, cost = 1): void {
    this.parts += cost;
    if (this.parts > MOST_PARTS) reader.fail(`has more than ${MOST_PARTS} nodes, names and attributes, which no model has`);
  }
}
