import { assertImplement, kernelFamily } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { importedRowsBeside } from '../data/imported-data.ts';
import type { LabelledConfig, Workspace } from '../workspace/index.ts';
import { NothingMeasuredError } from './collect.ts';
import type { PipelineContext } from './context.ts';
import type { Stage } from './events.ts';
import { leadingKernel, measuredEarlier } from './family.ts';
import { kernelSettings, savePredictor } from './kernel-build.ts';
import { type BuiltPredictor, buildPredictorByData, refitPredictor, type TrainOptions } from './train.ts';

/** What {@link trainFromWorkspace} ends with. */
export interface TrainedFamily {
  readonly family: string;
  /** Trained on all rows; written to `file`. */
  readonly predictor: Predictor;
  readonly file: string;
  /** The training that graded it. */
  readonly built: BuiltPredictor;
  /** Rows by where they come from. */
  readonly rows: { readonly measured: number; readonly imported: number; readonly holdout: number };
}

/**
 * Train a family's predictor on what a workspace holds, measured and imported, without measuring anything.
 *
 * @throws {@link NothingMeasuredError} when it holds nothing of the family, {@link TooFewRowsError}, {@link ForeignFileError}
 */
export async function* trainFromWorkspace(
  kernelType: string,
  options: Pick<TrainOptions, 'errorThreshold' | 'savePath' | 'mark'>,
  context: PipelineContext & { readonly workspace: Workspace },
): Stage<TrainedFamily> {
  const { registry, workspace, implement } = context;
  const kernel = registry.kernel(kernelType);
  assertImplement([kernel], implement);
  const family = kernelFamily(kernel);
  const here = await measuredEarlier(family, [], context);
  const holdout = here.filter(({ mark }) => mark === 'holdout');
  const measured = here.filter(({ mark }) => mark !== 'holdout');
  const imported: LabelledConfig[] = [];
  for (const { type } of registry.family(family)) imported.push(...(await importedRowsBeside(type, here, context)));
  const data = [...measured, ...imported];
  if (data.length === 0) throw new NothingMeasuredError({ kernel: kernelType, workspace: workspace.folder });
  const { predictor, built } = yield* trainFamily(family, { data, holdout }, options, context);
  const file = await savePredictor(family, predictor, workspace);
  const rows = { measured: measured.length, imported: imported.length, holdout: holdout.length };
  yield { type: 'predictor', family, rows: data.length + holdout.length, file };
  return { family, predictor, file, built, rows };
}

/** Rows of a family, and those among them that only grade. */
export interface FamilyRows {
  readonly data: readonly LabelledConfig[];
  readonly holdout: readonly LabelledConfig[];
}

/**
 * Train a family's predictor on given rows: graded on the hold-out, then refitted on all of them, as a build does.
 *
 * @throws {@link TooFewRowsError}, {@link ForeignFileError}
 */
export async function* trainFamily(
  family: string,
  { data, holdout }: FamilyRows,
  options: Pick<TrainOptions, 'errorThreshold' | 'savePath' | 'mark'>,
  context: PipelineContext,
): Stage<Pick<TrainedFamily, 'family' | 'predictor' | 'built'>> {
  yield { type: 'stage', stage: 'train', kernel: family, mark: 'final' };
  const lead = leadingKernel(family, [...data, ...holdout], context);
  const { training, errorThreshold } = kernelSettings(lead, context);
  const all: TrainOptions = { errorThreshold, ...options, holdout, ...(training && { training }) };
  const built = await buildPredictorByData(lead, data, all, context);
  for (const { message } of built.problems) yield { type: 'note', kernel: lead, message };
  const predictor = await refitPredictor(lead, data, all, built.holdoutMetrics, context);
  return { family, predictor, built };
}
