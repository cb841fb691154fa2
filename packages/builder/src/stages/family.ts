import type { AnyKernel } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { importedRowsBeside, rowsBeside } from '../data/imported-data.ts';
import { type MarkedConfig, readMeasured } from '../data/measured-data.ts';
import { mergeRepeats } from '../data/merge-repeats.ts';
import type { LabelledConfig } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { Stage } from './events.ts';
import { type KernelBuild, savePredictor, trainOptions } from './kernel-build.ts';
import { labelledSamples, type Mark } from './records.ts';
import { buildPredictorByData, refitPredictor } from './train.ts';

/** A finished predictor. */
export interface FamilyPredictor {
  readonly family: string;
  readonly predictor: Predictor;
  /** Where it was written; absent without a workspace. */
  readonly file?: string;
  /** The kernels it was built from, after their last rounds. */
  readonly builds: readonly KernelBuild[];
}

/**
 * Train the predictor that a family shares: on the kernels just built and, with a workspace, on what it holds of the family's
 * other kernels, so that building one of them later takes nothing away.
 */
export async function* finishFamily(family: string, builds: readonly KernelBuild[], context: PipelineContext): Stage<FamilyPredictor> {
  const first = builds[0] as KernelBuild;
  yield { type: 'stage', stage: 'train', kernel: family, mark: 'final' };
  const others = await measuredEarlier(family, builds, context);
  const isHeldOut = ({ mark }: { readonly mark: Mark }): boolean => mark === 'holdout';
  const measured = [...builds.flatMap(({ samples }) => labelledSamples(samples)), ...others.filter((row) => !isHeldOut(row))];
  const holdout = [...builds.flatMap((build) => labelledSamples(build.holdout)), ...others.filter(isHeldOut)];
  const imported = await importedOfFamily(family, builds, holdout, context);
  // What was measured here counts as measured here.
  const data = [...measured, ...rowsBeside(imported, measured)];
  const lead = leadingKernel(family, [...data, ...holdout], context);
  const options = trainOptions(lead, holdout, first.environment, context);
  const graded =
    builds.length === 1 && others.length === 0 && lead === first.kernel && imported.length === first.imported.length
      ? first.built
      : await buildPredictorByData(lead, data, options, context);
  const predictor = await refitPredictor(lead, data, options, graded.holdoutMetrics, context);
  const file = context.workspace && (await savePredictor(family, predictor, context.workspace));
  yield { type: 'predictor', family, rows: data.length + holdout.length, ...(file !== undefined && { file }) };
  return { family, predictor, builds, ...(file !== undefined && { file }) };
}

/** The first of the family's kernels, in the registry's order, that was measured: it names the training whichever was built first. */
export function leadingKernel(family: string, rows: readonly LabelledConfig[], { registry }: PipelineContext): string {
  const measured = new Set(rows.map(({ kernel }) => kernel));
  return (registry.family(family).find(({ type }) => measured.has(type)) as AnyKernel).type;
}

/** Rows measured elsewhere: those the builds were given, and what the workspace has of the family's other kernels. */
async function importedOfFamily(
  family: string,
  builds: readonly KernelBuild[],
  holdout: readonly LabelledConfig[],
  context: PipelineContext,
): Promise<readonly LabelledConfig[]> {
  const building = new Set(builds.map(({ kernel }) => kernel));
  const rows = builds.flatMap((build) => build.imported);
  for (const { type } of context.registry.family(family)) {
    if (building.has(type)) continue;
    rows.push(
      ...(await importedRowsBeside(
        type,
        holdout.filter(({ kernel }) => kernel === type),
        context,
      )),
    );
  }
  return mergeRepeats(rows).rows;
}

/** What a workspace holds of the kernels of a family that are not being built now, under this framework and batch size. */
export async function measuredEarlier(
  family: string,
  builds: readonly Pick<KernelBuild, 'kernel'>[],
  context: PipelineContext,
): Promise<readonly MarkedConfig[]> {
  const { workspace, registry } = context;
  if (workspace === undefined) return [];
  const building = new Set(builds.map(({ kernel }) => kernel));
  const rows: MarkedConfig[] = [];
  for (const { type } of registry.family(family)) {
    if (!building.has(type)) rows.push(...(await readMeasured(type, { ...context, workspace })).rows);
  }
  return rows;
}
