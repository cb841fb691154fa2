import path from 'node:path';
import { type Predictor, serialisePredictor } from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import {
  DEFAULT_KERNEL_SETTINGS,
  defaultHoldout,
  type KernelBuildSettings,
  type LabelledConfig,
  type Workspace,
} from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { Mark, MeasuredSample } from './records.ts';
import type { BuiltPredictor, TrainOptions } from './train.ts';

/** A kernel's build after one of its rounds. */
export interface KernelBuild {
  readonly kernel: string;
  /** The round: `initial`, `finegrained1`, `finegrained2`, … */
  readonly mark: Mark;
  /** Everything measured so far but the hold-out. */
  readonly samples: readonly MeasuredSample[];
  readonly holdout: readonly MeasuredSample[];
  /** Rows that were measured elsewhere; they train and steer as the samples do. */
  readonly imported: readonly LabelledConfig[];
  /** Configurations that were chosen but not measured, because the time budget ended first. */
  readonly unmeasured: number;
  readonly environment: Environment;
  readonly built: BuiltPredictor;
}

/** How a kernel is built in this context. */
export function kernelSettings(kernelType: string, { kernels }: PipelineContext): KernelBuildSettings {
  const given = kernels.get(kernelType);
  const holdout = given?.initSampleNum === undefined ? DEFAULT_KERNEL_SETTINGS.holdoutSampleNum : defaultHoldout(given.initSampleNum);
  return { ...DEFAULT_KERNEL_SETTINGS, holdoutSampleNum: holdout, ...given };
}

/** How a kernel's predictors are trained in this context. */
export function trainOptions(
  kernel: string,
  holdout: readonly LabelledConfig[],
  environment: Environment,
  context: PipelineContext,
): TrainOptions {
  const { errorThreshold, training } = kernelSettings(kernel, context);
  return { holdout, errorThreshold, environment, ...(training && { training }) };
}

/** Write a predictor to `results/predictors/<name>.json`. @returns the file */
export async function savePredictor(name: string, predictor: Predictor, workspace: Workspace): Promise<string> {
  const file = path.join(workspace.paths.predictors, `${name}.json`);
  await workspace.own.write(file, serialisePredictor(predictor));
  return file;
}
