import { type BigIntStats, fstat } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Prediction, predictKernels, WholeFileWriter } from '@nnm/builder';
import { type AnyKernel, type Problem, throwIfAborted } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { UsageError } from './errors.ts';
import type { InputFormat } from './input/input-format.ts';
import { isStandardInput } from './input/standard-input.ts';
import { type PredictedRow, predictionFormat } from './output/prediction-file.ts';
import { showThrown } from './output/show-value.ts';
import { type ConfigRow, openConfigs } from './read-configs.ts';

/** Rows predicted together: enough to be fast, few enough to keep memory flat. */
const BATCH_ROWS = 8192;
/** Bad rows that are kept to be shown. */
const SHOWN = 5;

/** What to predict, and where the answers go. */
export interface PredictFileJob {
  /** A file, or `-` for standard input. */
  readonly input: string;
  /** Default: see `openInput`. */
  readonly inputFormat?: InputFormat | undefined;
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
  /** The user's own fields that found no column in a CSV file, because only later rows have them. */
  readonly dropped: readonly string[];
}

/**
 * Predict every configuration of a file into another file, row by row in flat memory. The output appears under its name when it is whole.
 *
 * @throws core's `InvalidFileError` when the input is no such file at all, `FileAccessError`, `AbortedError`, `UsageError` when both are one file
 */
export async function predictFile(job: PredictFileJob): Promise<PredictedFile> {
  const { input, output, kernel, signal } = job;
  if (await isSameFile(input, output)) {
    throw new UsageError({
      message: `--output is the same file as --file: ${input}.`,
      hint: 'Write the predictions to another file. They hold all columns of the first one.',
    });
  }
  const sizeBytes = await stat(input).then(
    ({ size }) => size,
    () => 0,
  );
  let read = 0;
  const { columns, rows } = await openConfigs(input, kernel, { format: job.inputFormat, onBytes: (bytes) => (read = bytes) });
  const state = { rows: 0, bad: 0, outside: 0, problems: [] as Problem[] };
  let format: ReturnType<typeof predictionFormat> | undefined;
  let writer: WholeFileWriter | undefined;
  const predictBatch = (batch: readonly ConfigRow[]): void => {
    throwIfAborted(signal, 'Predicting');
    format ??= predictionFormat(output, Object.keys(kernel.configSpace), columns, batch);
    if (writer === undefined) {
      writer = new WholeFileWriter(output);
      writer.write(format.head);
    }
    const lines = predictRows(job, batch);
    for (const { row, prediction } of lines) {
      if (prediction === undefined) {
        state.bad++;
        state.problems.push(...row.problems.slice(0, SHOWN - state.problems.length));
      } else if (prediction.outsideSampled.length > 0) state.outside++;
    }
    state.rows += batch.length;
    writer.write(format.lines(lines));
    job.onProgress(state.rows, sizeBytes > 0 ? Math.min(1, read / sizeBytes) : 1);
  };
  try {
    let batch: ConfigRow[] = [];
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      predictBatch(batch);
      batch = [];
    }
    predictBatch(batch);
    writer?.finish();
    return { ...state, dropped: [...(format?.dropped ?? [])] };
  } catch (error) {
    writer?.discard();
    throw error;
  }
}

/** All rows at once, which is fast; one by one where that fails, so that a row on which the kernel fails costs itself alone. */
function predictRows({ predictor, kernel }: PredictFileJob, batch: readonly ConfigRow[]): readonly PredictedRow[] {
  const good = batch.filter(({ problems }) => problems.length === 0);
  const predictions = new Map<ConfigRow, Prediction>();
  const failures = new Map<ConfigRow, unknown>();
  const predict = (rows: readonly ConfigRow[]): void => {
    const answers = predictKernels(
      predictor,
      kernel,
      rows.map(({ config }) => config),
    );
    for (const [index, row] of rows.entries()) predictions.set(row, answers[index] as Prediction);
  };
  try {
    predict(good);
  } catch {
    // Which row it is shows below, with its error
    for (const row of good) {
      try {
        predict([row]);
      } catch (error) {
        failures.set(row, error);
      }
    }
  }
  return batch.map((row) => {
    const prediction = predictions.get(row);
    if (prediction !== undefined) return { row, prediction };
    return {
      row: failures.has(row) ? { ...row, problems: [{ message: `it cannot be predicted: ${showThrown(failures.get(row))}` }] } : row,
    };
  });
}

/** True when two paths lead to one file, also by links, or where names of files know no upper and lower case. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((file) =>
      statOf(file).then(
        async ({ dev, ino }) => ({
          path: isStandardInput(file) ? undefined : await realpath(file),
          id: `${dev}:${ino}`,
          hasId: ino !== 0n,
        }),
        () => undefined, // a file that is not there is no other one
      ),
    ),
  );
  if (first === undefined || second === undefined) return false;
  return (first.path !== undefined && first.path === second.path) || (first.hasId && second.hasId && first.id === second.id);
}

function statOf(file: string): Promise<BigIntStats> {
  return isStandardInput(file) ? promisify(fstat)(0, { bigint: true }) : stat(file, { bigint: true });
}
