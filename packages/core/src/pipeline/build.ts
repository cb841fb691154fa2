import path from 'node:path';
import { NnmError } from '../errors/index.ts';
import { kernelFamily } from '../kernel/index.ts';
import type { Environment } from '../profiler/index.ts';
import { type Predictor, serialisePredictor } from '../regression/index.ts';
import { DEFAULT_KERNEL_SETTINGS, defaultHoldout, type KernelBuildSettings, type Workspace, writeWholeFile } from '../workspace/index.ts';
import { sampleInformative } from './adaptive.ts';
import { type PipelineContext, throwIfAborted } from './context.ts';
import type { Stage } from './events.ts';
import { profileModels, sampleKernel } from './profile.ts';
import { type LabelledSample, labelledSamples, type Mark, type MeasuredSample } from './records.ts';
import { type BuiltPredictor, buildPredictorByData, refitPredictor, type TrainOptions } from './train.ts';

/** A kernel's build after one of its rounds. */
export interface KernelBuild {
  readonly kernel: string;
  /** The round: `initial`, `finegrained1`, `finegrained2`, … */
  readonly mark: Mark;
  /** Everything measured so far but the hold-out. */
  readonly samples: readonly MeasuredSample[];
  readonly holdout: readonly MeasuredSample[];
  readonly environment: Environment;
  readonly built: BuiltPredictor;
}

/** A finished predictor. */
export interface FamilyPredictor {
  readonly family: string;
  readonly predictor: Predictor;
  /** Where it was written; absent without a workspace. */
  readonly file?: string;
  /** The kernels it was built from, after their last rounds. */
  readonly builds: readonly KernelBuild[];
}

/** What {@link buildLatencyPredictor} ends with. */
export interface BuildReport {
  readonly predictors: readonly FamilyPredictor[];
  /** Kernels that have no predictor, and why. */
  readonly failures: readonly { readonly kernel: string; readonly error: NnmError }[];
}

/** How a kernel is built in this context. */
export function kernelSettings(kernelType: string, { kernels }: PipelineContext): KernelBuildSettings {
  const given = kernels.get(kernelType);
  const holdout = given?.initSampleNum === undefined ? DEFAULT_KERNEL_SETTINGS.holdoutSampleNum : defaultHoldout(given.initSampleNum);
  return { ...DEFAULT_KERNEL_SETTINGS, holdoutSampleNum: holdout, ...given };
}

/** The first round: sample from the prior, measure, train. The hold-out is chosen first, so that no round depends on it. */
export async function* buildInitialPredictorByData(kernelType: string, context: PipelineContext): Stage<KernelBuild> {
  const settings = kernelSettings(kernelType, context);
  const held = yield* sampleKernel(kernelType, settings.holdoutSampleNum, { mark: 'holdout', samplingType: 'prior' }, context);
  const prior = yield* sampleKernel(kernelType, settings.initSampleNum, { mark: 'prior', samplingType: 'prior', earlier: held }, context);
  // Measured together, so that both see the same minutes of the machine.
  const { samples, environment } = yield* profileModels([...prior, ...held], context);
  return yield* trainRound(
    {
      kernel: kernelType,
      mark: 'initial',
      samples: samples.filter(({ mark }) => mark === 'prior'),
      holdout: samples.filter(({ mark }) => mark === 'holdout'),
      environment,
    },
    context,
  );
}

/**
 * One more round: sample where the last one erred, measure, train on everything. The kernel's `adaptive` setting says by which rule;
 * both measure `finegrainedSampleNum` configurations for each large validation error.
 *
 * @param round - 1, 2, …
 * @returns the build as it was when there are no large errors, or nothing new to measure
 */
export async function* buildAdaptivePredictorByData(build: KernelBuild, round: number, context: PipelineContext): Stage<KernelBuild> {
  const { kernel } = build;
  const { largeErrorConfigs } = build.built;
  if (largeErrorConfigs.length === 0) return build;
  const mark = `finegrained${round}`;
  const earlier = [...build.samples, ...build.holdout];
  const { finegrainedSampleNum, adaptive, errorThreshold } = kernelSettings(kernel, context);
  const chosen =
    adaptive === 'original'
      ? yield* sampleKernel(
          kernel,
          finegrainedSampleNum,
          { mark, samplingType: 'finegrained', configs: largeErrorConfigs, earlier },
          context,
        )
      : yield* sampleInformative(
          kernel,
          finegrainedSampleNum * largeErrorConfigs.length,
          { mark, samples: labelledSamples(build.samples), earlier, errorThreshold },
          context,
        );
  const { samples, environment } = yield* profileModels(chosen, context);
  if (samples.length === 0) return build;
  return yield* trainRound({ ...build, mark, samples: [...build.samples, ...samples], environment }, context);
}

/** Build one kernel: the initial round and `ITERATION` adaptive ones. */
export async function* buildPredictorForKernel(kernelType: string, context: PipelineContext): Stage<KernelBuild> {
  let build = yield* buildInitialPredictorByData(kernelType, context);
  const { iteration } = kernelSettings(kernelType, context);
  for (let round = 1; round <= iteration; round++) {
    if (isOutOfTime(context)) {
      yield { type: 'note', kernel: kernelType, message: `The time budget ended before round ${round} of ${iteration} of ${kernelType}.` };
      break;
    }
    const next = yield* buildAdaptivePredictorByData(build, round, context);
    if (next === build) {
      yield {
        type: 'note',
        kernel: kernelType,
        message: `Round ${round} of ${kernelType} has nothing to add: no large error is left to sample around.`,
      };
      break;
    }
    build = next;
  }
  return build;
}

/**
 * Build every kernel (default: those of the context, in its order) and one predictor per family.
 *
 * A kernel that cannot be built is reported in `failures`; the others go on.
 *
 * @throws {@link AbortedError} when stopped, {@link UnknownIdError} for an unknown kernel before anything is measured
 */
export async function* buildLatencyPredictor(
  context: PipelineContext,
  kernelTypes: readonly string[] = [...context.kernels.keys()],
): Stage<BuildReport> {
  const families = new Map<string, string[]>();
  for (const type of kernelTypes) {
    const family = kernelFamily(context.registry.kernel(type));
    families.set(family, [...(families.get(family) ?? []), type]);
  }
  const predictors: FamilyPredictor[] = [];
  const failures: { kernel: string; error: NnmError }[] = [];
  let started = 0;
  for (const [family, types] of families) {
    const builds: KernelBuild[] = [];
    for (const type of types) {
      const kernelsLeft = kernelTypes.length - started++;
      throwIfAborted(context, `Building ${type}`);
      try {
        builds.push(yield* buildPredictorForKernel(type, withShareOfTime(context, kernelsLeft)));
      } catch (error) {
        if (!NnmError.isInstance(error) || !KERNEL_FAILURES.has(error.code)) throw error;
        failures.push({ kernel: type, error });
      }
    }
    if (builds.length > 0) predictors.push(yield* finishFamily(family, builds, context));
  }
  return { predictors, failures };
}

/** Errors that concern one kernel only; any other one ends the run. */
const KERNEL_FAILURES: ReadonlySet<string> = new Set(['ERR_TOO_FEW_ROWS', 'ERR_INVALID_CONFIG', 'ERR_INVALID_GRAPH', 'ERR_CONVERSION']);

async function* trainRound(round: Omit<KernelBuild, 'built'>, context: PipelineContext): Stage<KernelBuild> {
  const { kernel, mark, environment } = round;
  throwIfAborted(context, `Building ${kernel}`);
  yield { type: 'stage', stage: 'train', kernel, mark };
  const data = labelledSamples(round.samples);
  const built = await buildPredictorByData(
    kernel,
    data,
    trainOptions(kernel, labelledSamples(round.holdout), environment, context),
    context,
  );
  for (const { message } of built.problems) yield { type: 'note', kernel, message };
  yield {
    type: 'graded',
    kernel,
    mark,
    rows: data.length,
    validation: built.metrics,
    ...(built.holdoutMetrics && { holdout: built.holdoutMetrics }),
    largeErrors: built.largeErrorConfigs.length,
  };
  if (context.workspace) await savePredictor(`${kernel}_${mark}`, built.predictor, context.workspace);
  return { ...round, built };
}

async function* finishFamily(family: string, builds: readonly KernelBuild[], context: PipelineContext): Stage<FamilyPredictor> {
  const first = builds[0] as KernelBuild;
  yield { type: 'stage', stage: 'train', kernel: family, mark: 'final' };
  const data = builds.flatMap(({ samples }) => labelledSamples(samples));
  const holdout = builds.flatMap((build) => labelledSamples(build.holdout));
  const options = trainOptions(first.kernel, holdout, first.environment, context);
  const graded = builds.length === 1 ? first.built : await buildPredictorByData(first.kernel, data, options, context);
  const predictor = await refitPredictor(first.kernel, data, options, graded.holdoutMetrics, context);
  const file = context.workspace && (await savePredictor(family, predictor, context.workspace));
  yield { type: 'predictor', family, rows: data.length + holdout.length, ...(file !== undefined && { file }) };
  return { family, predictor, builds, ...(file !== undefined && { file }) };
}

function trainOptions(
  kernel: string,
  holdout: readonly LabelledSample[],
  environment: Environment,
  context: PipelineContext,
): TrainOptions {
  const { errorThreshold, training } = kernelSettings(kernel, context);
  return { holdout, errorThreshold, environment, ...(training && { training }) };
}

async function savePredictor(name: string, predictor: Predictor, workspace: Workspace): Promise<string> {
  const file = path.join(workspace.paths.predictors, `${name}.json`);
  await writeWholeFile(file, serialisePredictor(predictor));
  return file;
}

/** The context for one of the kernels that are left: the time budget is shared out evenly, and what one leaves goes to the next. */
function withShareOfTime(context: PipelineContext, kernelsLeft: number): PipelineContext {
  const { timeLeftMs } = context;
  if (timeLeftMs === undefined) return context;
  const atStart = timeLeftMs();
  return { ...context, timeLeftMs: () => timeLeftMs() - (atStart - atStart / kernelsLeft) };
}

function isOutOfTime({ timeLeftMs }: PipelineContext): boolean {
  return timeLeftMs !== undefined && timeLeftMs() <= 0;
}
