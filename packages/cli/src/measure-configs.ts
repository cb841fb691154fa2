import { kernelId, type MeasuredSample, type PipelineContext, profileModels, type Stage } from '@nnm/builder';
import { configKey, type KernelConfig } from '@nnm/core';
import type { Environment } from '@nnm/profiler';

/** Measurements of given configurations. */
export interface MeasuredConfigs {
  readonly environment: Environment;
  /** What came of a configuration; undefined when the measuring ended before it. */
  sampleOf(config: KernelConfig): MeasuredSample | undefined;
}

/** Measure configurations without writing anything to the workspace; equal ones are measured once. */
export async function* measureConfigs(kernel: string, configs: readonly KernelConfig[], context: PipelineContext): Stage<MeasuredConfigs> {
  const { workspace: _, ...inMemory } = context;
  const distinct = new Map(configs.map((config) => [configKey(config), config]));
  const taken = new Set<string>();
  const jobs = [...distinct.values()].map((config) => ({ id: kernelId(kernel, config, context, taken), kernel, mark: 'check', config }));
  const { samples, environment } = yield* profileModels(jobs, inMemory);
  const byKey = new Map(samples.map((sample) => [configKey(sample.config), sample]));
  return { environment, sampleOf: (config) => byKey.get(configKey(config)) };
}
