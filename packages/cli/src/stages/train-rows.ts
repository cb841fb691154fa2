import {
  kernelId,
  mergeRepeats,
  type PipelineContext,
  rowsBeside,
  type Stage,
  standInBackend,
  type TrainedFamily,
  trainFamily,
} from '@nnm/builder';
import { type AnyBackend, kernelFamily } from '@nnm/core';
import { UsageError } from '../errors.ts';
import type { InputFormat } from '../input/input-format.ts';
import { countOf } from '../output/quantities.ts';
import { type LabelledRow, readLabelledRows } from './labelled-rows.ts';
import type { StageSetup } from './stage-command.ts';

/** What {@link trainOnRows} ends with. */
export interface TrainedRows extends Pick<TrainedFamily, 'family' | 'predictor' | 'built'> {
  readonly rows: { readonly trained: number; readonly holdout: number };
  readonly problems: readonly string[];
}

/** How {@link trainOnRows} reads and trains. */
interface TrainRowsOptions {
  readonly kernel?: string | undefined;
  readonly format?: InputFormat | undefined;
  readonly errorThreshold?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Train a predictor on the measured rows of files, as a build does on what it has measured: rows with the mark `holdout` only grade.
 *
 * @throws `UsageError` for rows of several families or settings; core's `InvalidFileError`, the builder's `TooFewRowsError`
 */
export async function* trainOnRows(files: readonly string[], setup: StageSetup, options: TrainRowsOptions): Stage<TrainedRows> {
  const { registry, workspace } = setup;
  const { kernel, format, errorThreshold, signal } = options;
  const setting = workspace === undefined ? {} : { implement: setup.implement, batchSize: setup.batchSize };
  const read = await readLabelledRows(files, registry, { kernel, format, setting: { ...setting, backend: setup.backend?.backend.id } });
  const family = theOnly(read.rows, 'families', (row) => kernelFamily(registry.kernel(row.kernel)));
  const backend = setup.backend?.backend ?? backendOfRows(read.rows, setup);
  const context: PipelineContext = {
    registry,
    backend,
    settings: setup.backend?.settings ?? {},
    kernels: setup.kernels,
    seed: setup.seed,
    signal,
    implement: theOnly(read.rows, 'values of implement', (row) => row.implement) ?? setup.implement,
    batchSize: theOnly(read.rows, 'batch sizes', (row) => row.batchSize) ?? setup.batchSize,
  };
  const labelled = read.rows.map((row) => ({ ...row, id: row.id ?? kernelId(row.kernel, row.config, context) }));
  const isHeldOut = ({ mark }: LabelledRow): boolean => mark === 'holdout';
  const { rows: holdout } = mergeRepeats(labelled.filter(isHeldOut));
  const { rows: data, repeats } = mergeRepeats(
    rowsBeside(
      labelled.filter((row) => !isHeldOut(row)),
      holdout,
    ),
  );
  const trained = yield* trainFamily(family as string, { data, holdout }, errorThreshold === undefined ? {} : { errorThreshold }, context);
  const repeated =
    repeats.length === 0 ? [] : [`${countOf(repeats.length, 'row')} with a configuration that is there before: the median latency counts`];
  const problems = [...read.problems, ...repeated, ...trained.built.dataProblems.map(({ message }) => message)];
  return { ...trained, rows: { trained: data.length, holdout: holdout.length }, problems };
}

/** What all rows that say it say alike; undefined when none says it. @throws `UsageError` */
function theOnly<T extends string | number>(
  rows: readonly LabelledRow[],
  what: string,
  valueIn: (row: LabelledRow) => T | undefined,
): T | undefined {
  const values = [...new Set(rows.flatMap((row) => valueIn(row) ?? []))];
  if (values.length <= 1) return values[0];
  throw new UsageError({
    message: `The rows are of several ${what}: ${values.join(', ')}. A predictor is of one.`,
    hint: 'Train on the rows of each alone.',
  });
}

/** The backend that the rows say they were measured by: nothing is measured now, so it need not be there. */
function backendOfRows(rows: readonly LabelledRow[], { registry }: StageSetup): AnyBackend {
  const id = theOnly(rows, 'backends', (row) => row.backend);
  if (id !== undefined) return standInBackend(id, registry);
  throw new UsageError({
    message: 'The rows do not say which backend they were measured by.',
    hint: 'Name it with --backend; a predictor says whose latencies it predicts.',
  });
}
