import { kernelFamily } from '@nnm/core';
import { openProfilerSession } from '@nnm/profiler';
import type { KernelDataSource } from '../data/kernel-data-source.ts';
import { readKernelData } from '../data/read-kernel-data.ts';
import type { KernelBuildSettings } from '../workspace/index.ts';
import { runAdaptiveRound } from './build.ts';
import type { PipelineContext } from './context.ts';
import type { Stage } from './events.ts';
import { type KernelBuild, kernelSettings } from './kernel-build.ts';
import { buildPredictorByData } from './train.ts';

/** What {@link buildAdaptivePredictorByData} may be told besides the data; the default is the kernel's setting in the context. */
export interface AdaptiveOptions extends Partial<Pick<KernelBuildSettings, 'finegrainedSampleNum' | 'errorThreshold' | 'adaptive'>> {
  /** Number of the round, which names its files `finegrained<round>`. Default: the one after that of the build given, or else 1. */
  readonly round?: number;
}

/**
 * One adaptive round: train on kernel data, sample where that errs, measure, train on everything.
 *
 * @param source - the build of an earlier round, or kernel data in any other form that `buildPredictorByData` takes; its rows count as
 *   measured by the context's backend
 * @returns what a next round and every other stage take as data; the build as it was when nothing is left to sample around
 * @throws what `buildPredictorByData` and `profileModels` throw
 *
 * @example
 * const build = await runToEnd(buildAdaptivePredictorByData('conv-bn-relu', ['configs.json', 'latencies.json'], context, { finegrainedSampleNum: 5 }));
 */
export async function* buildAdaptivePredictorByData(
  kernelType: string,
  source: KernelDataSource | KernelBuild,
  context: PipelineContext,
  { round, ...settings }: AdaptiveOptions = {},
): Stage<KernelBuild> {
  const kernels = new Map(context.kernels).set(kernelType, { ...kernelSettings(kernelType, context), ...settings });
  const own = { ...context, kernels };
  const build = isBuild(source) && source.kernel === kernelType ? source : yield* startBuild(kernelType, source, own);
  return yield* runAdaptiveRound(build, round ?? roundAfter(build), own);
}

function isBuild(source: KernelDataSource | KernelBuild): source is KernelBuild {
  return typeof source === 'object' && 'built' in source && 'imported' in source;
}

/** The build that rows from elsewhere stand for: as if they were its first round. */
async function* startBuild(kernelType: string, source: KernelDataSource, context: PipelineContext): Stage<KernelBuild> {
  const { rows, holdout, problems } = await readKernelData(kernelType, source, context.registry);
  for (const { message } of problems) yield { type: 'note', kernel: kernelType, message: `${kernelType}: ${message}.` };
  const { errorThreshold, training } = kernelSettings(kernelType, context);
  yield { type: 'stage', stage: 'train', kernel: kernelFamily(context.registry.kernel(kernelType)), mark: 'initial' };
  const built = await buildPredictorByData(kernelType, rows, { holdout, errorThreshold, ...(training && { training }) }, context);
  const session = await openProfilerSession({ backend: context.backend, settings: context.settings, levelsFile: false });
  await session.close();
  const { environment } = session;
  return { kernel: kernelType, mark: 'initial', samples: [], holdout: [], imported: rows, unmeasured: 0, environment, built };
}

function roundAfter({ mark }: KernelBuild): number {
  return Number(/^finegrained(\d+)$/.exec(mark)?.[1] ?? 0) + 1;
}
