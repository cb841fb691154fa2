import { predictKernels, type Stage, workspaceContext } from '@nnm/builder';
import type { AnyKernel, KernelConfig } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import type { InputFormat } from './input/input-format.ts';
import { type MeasuredConfigs, measureConfigs } from './measure-configs.ts';
import type { PredictedConfig } from './output/predictions.ts';
import { isUncertain, withMeasurement } from './predicted-config.ts';
import { readConfigs } from './read-configs.ts';
import type { WorkspaceSetup } from './workspace-command.ts';

/** What `nnm predict <kernel>` is asked for. */
export interface PredictConfigsJob {
  readonly kernel: AnyKernel;
  readonly predictor: Predictor;
  /** Absent where the predictor is a file: then nothing is measured. */
  readonly setup: WorkspaceSetup | undefined;
  readonly given: readonly KernelConfig[];
  /** Has more of them. */
  readonly file: string | undefined;
  readonly format: InputFormat | undefined;
  /** Measure them too. */
  readonly measure: boolean;
  readonly maxInterval: number | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds that measuring may still take; default: without end. */
  readonly timeLeftMs?: (() => number) | undefined;
  follow(stage: Stage<MeasuredConfigs>): Promise<MeasuredConfigs>;
}

/** Predictions of configurations, and where those that were measured too ran. */
export interface PredictedConfigs {
  readonly predictions: readonly PredictedConfig[];
  readonly environment: Environment | undefined;
}

/** Predict configurations, and measure them beside where that is asked for. */
export async function predictConfigs(job: PredictConfigsJob): Promise<PredictedConfigs> {
  const { kernel, predictor, setup, file, format, maxInterval, signal, timeLeftMs } = job;
  const configs = [...job.given, ...(file === undefined ? [] : await readConfigs(file, kernel, { format }))];
  const predictions = predictKernels(predictor, kernel, configs).map((prediction, i) => ({
    config: configs[i]!,
    ...prediction,
    ...(maxInterval !== undefined && { measureThis: isUncertain(prediction, maxInterval) }),
  }));
  if (!job.measure || setup === undefined) return { predictions, environment: undefined };
  const options = { signal, ...(timeLeftMs && { timeLeftMs }) };
  const context = workspaceContext(setup.discovery.registry, setup.workspace, setup.config, options);
  const { sampleOf, environment } = await job.follow(measureConfigs(kernel.type, configs, context));
  return { predictions: predictions.map((one) => withMeasurement(one, sampleOf(one.config))), environment };
}
