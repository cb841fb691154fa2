import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Prediction, predictKernels, WholeFileWriter } from '@nnm/builder';
import { type AnyKernel, type Problem, throwIfAborted } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { stringify } from 'csv-stringify/sync';
import { listReasons } from './output/predictions.ts';
import { type ConfigRow, streamConfigs } from './read-configs.ts';

/** Rows predicted together: enough to be fast, few enough to keep memory flat. */
const BATCH_ROWS = 8192;
/** Bad rows that are kept to be shown. */
const SHOWN = 5;

/** What to predict, and where the answers go. */
export interface PredictFileJob {
  readonly input: string;
  /** `.jsonl` or `.ndjson` is written as JSON Lines, everything else as CSV. */
  readonly output: string;
  readonly kernel: AnyKernel;
  readonly predictor: Predictor;
  readonly signal: AbortSignal;
  /** Told the rows done and the share of the file that has been read. */
  readonly onProgress: (rows: number, share: number) => void;
}

/** What came of a file of configurations. */
export interface PredictedFile {
  readonly rows: number;
  /** Rows that could not be predicted; each has its error in the output. */
  readonly bad: number;
  /** The first of their problems. */
  readonly problems: readonly Problem[];
  /** Rows unlike anything that was measured. */
  readonly outside: number;
}

/**
 * Predict every configuration of a file into another file, row by row in flat memory. The output appears under its name when it is whole.
 *
 * @throws core's `InvalidFileError` when the input is no such file at all, `FileAccessError`, `AbortedError`
 */
export async function predictFile(job: PredictFileJob): Promise<PredictedFile> {
  const { output, kernel, predictor, signal } = job;
  const sizeBytes = await stat(job.input).then(
    ({ size }) => size,
    () => 0,
  );
  const format = ['.jsonl', '.ndjson'].includes(path.extname(output).toLowerCase()) ? jsonLines : csvOf(Object.keys(kernel.configSpace));
  const state = { rows: 0, bad: 0, outside: 0, problems: [] as Problem[] };
  let read = 0;
  const predictBatch = (batch: readonly ConfigRow[]): string => {
    throwIfAborted(signal, 'Predicting');
    const predictions = predictKernels(
      predictor,
      kernel,
      batch.filter(({ problems }) => problems.length === 0).map(({ config }) => config),
    );
    let next = 0;
    const lines = batch.map((row) => {
      if (row.problems.length === 0) {
        const prediction = predictions[next++]!;
        if (prediction.outsideSampled.length > 0) state.outside++;
        return { row, prediction };
      }
      state.bad++;
      if (state.problems.length < SHOWN) state.problems.push(...row.problems.slice(0, SHOWN - state.problems.length));
      return { row };
    });
    state.rows += batch.length;
    job.onProgress(state.rows, sizeBytes > 0 ? Math.min(1, read / sizeBytes) : 1);
    return format.lines(lines);
  };
  const predicted = async function* (): AsyncGenerator<string> {
    yield format.head;
    let batch: ConfigRow[] = [];
    for await (const row of streamConfigs(job.input, kernel, (bytes) => (read = bytes))) {
      batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      yield predictBatch(batch);
      batch = [];
    }
    yield predictBatch(batch);
  };
  const writer = new WholeFileWriter(output);
  try {
    for await (const text of predicted()) writer.write(text);
    writer.finish();
    return state;
  } finally {
    // Nothing is left to discard once it is finished.
    writer.discard();
  }
}

interface OutputLine {
  readonly row: ConfigRow;
  /** Absent when the row is bad. */
  readonly prediction?: Prediction;
}

interface OutputFormat {
  readonly head: string;
  lines(rows: readonly OutputLine[]): string;
}

const jsonLines: OutputFormat = {
  head: '',
  lines: (rows) =>
    rows
      .map(
        ({ row, prediction }) =>
          `${JSON.stringify(prediction ? { config: row.config, ...prediction } : { config: row.config, error: errorText(row) })}\n`,
      )
      .join(''),
};

function csvOf(keys: readonly string[]): OutputFormat {
  return {
    head: stringify([[...keys, 'latency_ms', 'low80_ms', 'high80_ms', 'low95_ms', 'high95_ms', 'outside', 'error']]),
    lines: (rows) =>
      stringify(
        rows.map(({ row, prediction }) => [
          ...keys.map((key) => (row.config as Readonly<Record<string, unknown>> | null)?.[key]),
          ...(prediction ? numbersOf(prediction) : ['', '', '', '', '']),
          prediction?.outsideSampled.length ? listReasons(prediction.outsideSampled) : '',
          prediction ? '' : errorText(row),
        ]),
      ),
  };
}

function numbersOf({ latencyMs, interval80, interval95 }: Prediction): readonly number[] {
  const numbers = [latencyMs, interval80.lowMs, interval80.highMs, interval95.lowMs, interval95.highMs];
  return numbers.map((value) => Number(value.toPrecision(6)));
}

function errorText({ problems }: ConfigRow): string {
  return problems
    .map(({ line, key, message }) => [line !== undefined && `line ${line}`, key, message].filter(Boolean).join(' '))
    .join('; ');
}
