import type { Implement, KernelConfig } from '@nnm/core';

/**
 * One row of what the stages hand on: a configuration of a kernel, and what is known of it so far. Its JSON is a line of a JSON Lines file;
 * in a table each key of the configuration is a column and the other names have words apart (`latency_ms`).
 */
export interface StageRow {
  /** Absent of a graph or model of one's own. */
  readonly kernel?: string;
  /** See `kernelId`; of a model that no kernel is known of, the name of its file. */
  readonly id: string;
  /** The round it was chosen in: rows of `holdout` only grade. */
  readonly mark?: string;
  readonly config?: KernelConfig;
  /** File of the graph or of the converted model, relative to the file that holds the row. */
  readonly model?: string;
  /** Milliseconds of one inference, its spread, and the standard deviation expected of it if it were measured again. */
  readonly latencyMs?: number;
  readonly spreadMs?: number;
  readonly repeatabilityMs?: number;
  /** Why the measurement is less certain than asked for. */
  readonly flags?: readonly string[];
  /** Why there is no latency. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly backend?: string;
  readonly implement?: Implement;
  readonly batchSize?: number;
}

/** The columns of a table beside those of the configuration, in order: how the header names them, and what a row has there. */
export const ROW_COLUMNS: readonly (readonly [name: string, cell: (row: StageRow) => string | number | undefined])[] = [
  ['model', ({ model }) => model],
  ['latency_ms', ({ latencyMs }) => latencyMs],
  ['spread_ms', ({ spreadMs }) => spreadMs],
  ['repeatability_ms', ({ repeatabilityMs }) => repeatabilityMs],
  ['flags', ({ flags }) => flags?.join(' ')],
  ['error', ({ error }) => error && `${error.code}: ${error.message}`],
  ['backend', ({ backend }) => backend],
  ['implement', ({ implement }) => implement],
  ['batch_size', ({ batchSize }) => batchSize],
];
