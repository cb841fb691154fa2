import type { AnyKernel } from '@nnm/core';

/** One configuration as a file has it, not checked yet. */
export interface InputRow {
  /** Absent when that cannot be told; `problem` says why. */
  readonly kernel?: AnyKernel;
  readonly config: unknown;
  readonly line?: number;
  /** Where it stands in a JSON file. */
  readonly key?: string;
  /** What is wrong with the row itself, whatever its configuration is. */
  readonly problem?: string;
  /** What the row holds besides its configuration, by name. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The cells of a CSV row as they stand there, one for each column. */
  readonly cells?: readonly string[];
}

/** The rows of a file; `columns` are those of a CSV file as its first line names them. */
export interface InputRows {
  readonly columns?: readonly string[];
  readonly rows: AsyncIterable<InputRow>;
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The number that a text is, or the text itself when it is none, so that an error can show it. */
export function readNumber(text: string): number | string {
  return NUMBER.test(text) ? Number(text) : text;
}
