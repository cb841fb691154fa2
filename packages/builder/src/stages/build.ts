import { assertImplement, kernelFamily, NnmError, throwIfAborted } from '@nnm/core';
import type { Metrics } from '@nnm/predictor';
import { KernelsFailAlikeError } from '@nnm/profiler';
import { sampleInformative } from '../adaptive/adaptive.ts';
import { FRUITLESS_ROUNDS, fruitlessRounds, roundLimit } from '../adaptive/rounds.ts';
import { importedRowsBeside } from '../data/imported-data.ts';
import type { LabelledConfig } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { PipelineEvent, Stage } from './events.ts';
import { explainTooFewRows } from './explain-too-few-rows.ts';
import { type FamilyPredictor, finishFamily } from './family.ts';
import { type KernelBuild, kernelSettings, savePredictor, trainOptions } from './kernel-build.ts';
import { assertOutputsReplaceable } from './outputs.ts';
import { profileModels, sampleKernel } from './profile.ts';
import { importedSamples, type KernelSample, labelledSamples } from './records.ts';
import { countSaved } from './sample.ts';
import { type BuiltPredictor, buildPredictorByData } from './train.ts';

/** What {@link buildLatencyPredictor} ends with. */
export interface BuildReport {
  readonly predictors: readonly FamilyPredictor[];
  /** Kernels that have no predictor, and why. */
  readonly failures: readonly { readonly kernel: string; readonly error: NnmError }[];
}

/** What the first round of a kernel measures and trains on. */
export interface FirstRound {
  readonly held: readonly KernelSample[];
  readonly prior: readonly KernelSample[];
  /** Rows that were measured elsewhere, but for those of the hold-out. */
  readonly imported: readonly LabelledConfig[];
}

/**
 * Choose the configurations that a build of a kernel begins with: the hold-out, which no round depends on, and those from the prior, of
 * which imported rows take the place.
 *
 * @param initSampleNum - how many rows the round has; default: the kernel's setting
 */
export async function* chooseFirstRound(kernelType: string, context: PipelineContext, initSampleNum?: number): Stage<FirstRound> {
  const settings = kernelSettings(kernelType, context);
  const held = yield* sampleKernel(kernelType, settings.holdoutSampleNum, { mark: 'holdout', samplingType: 'prior' }, context);
  const imported = await importedRowsBeside(kernelType, held, context);
  const priorNum = await priorSampleNum(kernelType, initSampleNum ?? settings.initSampleNum, imported.length, context);
  if (imported.length > 0) yield importNote(kernelType, imported.length, priorNum);
  const earlier = [...held, ...importedSamples(imported)];
  const prior = priorNum === 0 ? [] : yield* sampleKernel(kernelType, priorNum, { mark: 'prior', samplingType: 'prior', earlier }, context);
  return { held, prior, imported };
}

/** The first round: sample from the prior, measure, train. */
export async function* buildInitialPredictorByData(kernelType: string, context: PipelineContext): Stage<KernelBuild> {
  const { held, prior, imported } = yield* chooseFirstRound(kernelType, context);
  // Measured together, so that both see the same minutes of the machine.
  const { samples, environment } = yield* profileModels([...prior, ...held], context);
  return yield* trainRound(
    {
      kernel: kernelType,
      mark: 'initial',
      samples: samples.filter(({ mark }) => mark === 'prior'),
      holdout: samples.filter(({ mark }) => mark === 'holdout'),
      imported,
      unmeasured: prior.length + held.length - samples.length,
      environment,
    },
    context,
  );
}

/**
 * How many configurations the first round measures: as many as INIT_SAMPLE_NUM has beyond the imported ones, but none fewer than an
 * earlier build has chosen already.
 */
async function priorSampleNum(
  kernelType: string,
  initSampleNum: number,
  imported: number,
  { workspace }: PipelineContext,
): Promise<number> {
  if (workspace === undefined || imported === 0) return initSampleNum;
  return Math.max(initSampleNum - imported, Math.min(initSampleNum, await countSaved(workspace, kernelType, 'prior')));
}

function importNote(kernel: string, rows: number, priorNum: number): PipelineEvent {
  const measured = priorNum === 0 ? 'no further one is sampled from the prior' : `${priorNum} more are sampled from the prior`;
  return {
    type: 'note',
    kernel,
    message: `${kernel}: ${rows} imported rows count as measured here; ${measured}. The hold-out, measured here, shows whether they agree.`,
  };
}

/**
 * One more round: sample where the last one erred, measure, train on everything. The kernel's `adaptive` setting says by which rule; both
 * measure `finegrainedSampleNum` configurations for each large validation error that the labels' own scatter does not explain, and no more
 * than half as many as the first round.
 *
 * @param round - 1, 2, …
 * @returns the build as it was when there are no large errors, or nothing new to measure
 */
export async function* runAdaptiveRound(build: KernelBuild, round: number, context: PipelineContext): Stage<KernelBuild> {
  const { kernel } = build;
  const { largeErrorConfigs } = build.built;
  if (largeErrorConfigs.length === 0) return build;
  const mark = `finegrained${round}`;
  const earlier = [...build.samples, ...build.holdout, ...importedSamples(build.imported)];
  const settings = kernelSettings(kernel, context);
  const { finegrainedSampleNum, adaptive, errorThreshold } = settings;
  const limit = roundLimit(settings);
  // Worst first: the limit leaves out the smallest of the large errors.
  const errors = largeErrorConfigs.slice(0, Math.ceil(limit / finegrainedSampleNum));
  const chosen =
    adaptive === 'original'
      ? yield* sampleKernel(kernel, finegrainedSampleNum, { mark, samplingType: 'finegrained', configs: errors, earlier }, context)
      : yield* sampleInformative(
          kernel,
          Math.min(limit, finegrainedSampleNum * errors.length),
          { mark, samples: [...ownRows(build), ...labelledSamples(build.samples)], earlier, errorThreshold },
          context,
        );
  if (chosen.length === 0) return build;
  const { samples, environment } = yield* profileModels(chosen, context);
  if (samples.length === 0) return build;
  const unmeasured = build.unmeasured + chosen.length - samples.length;
  return yield* trainRound({ ...build, mark, samples: [...build.samples, ...samples], unmeasured, environment }, context);
}

/**
 * Build one kernel: `ITERATION` rounds, of which the first is the initial one and the others are adaptive; fewer when no large error asks for
 * more, or two rounds in a row brought the hold-out nothing.
 */
export async function* buildPredictorForKernel(kernelType: string, context: PipelineContext): Stage<KernelBuild> {
  let build = yield* buildInitialPredictorByData(kernelType, context);
  const grades = gradesOf(build);
  const { iteration } = kernelSettings(kernelType, context);
  for (let round = 1; round < iteration; round++) {
    const end = (reason: RoundsEnded['reason'], message: string): RoundsEnded => ({
      type: 'rounds-ended',
      kernel: kernelType,
      rounds: round,
      reason,
      message,
    });
    if (isOutOfTime(context)) {
      yield end('time', `The time budget ended before round ${round + 1} of ${iteration} of ${kernelType}.`);
      break;
    }
    if (fruitlessRounds(grades) >= FRUITLESS_ROUNDS) {
      yield end(
        'no-gain',
        `${kernelType} ends after ${round} of ${iteration} rounds: the last ${FRUITLESS_ROUNDS} brought the hold-out nothing, so more samples would not either.`,
      );
      break;
    }
    const next = yield* runAdaptiveRound(build, round, context);
    if (next === build) {
      const { largeErrorConfigs, explainedErrors } = build.built;
      const isNew = largeErrorConfigs.length === 0;
      const scatter = explainedErrors > 0 ? ` that the labels' own scatter does not explain (it explains ${explainedErrors})` : '';
      const why = isNew ? `no large error is left${scatter}` : 'all that could be measured around its large errors is measured';
      yield end(isNew ? 'no-large-error' : 'nothing-new', `Round ${round + 1} of ${kernelType} has nothing to add: ${why}.`);
      break;
    }
    build = next;
    grades.push(...gradesOf(build));
  }
  return build;
}

type RoundsEnded = Extract<PipelineEvent, { type: 'rounds-ended' }>;

/** The hold-out's grade in this round; none without a hold-out. */
function gradesOf({ built }: KernelBuild): Metrics[] {
  return built.holdoutMetrics === undefined ? [] : [built.holdoutMetrics];
}

/**
 * Build every kernel (default: those of the context, in its order) and one predictor per family.
 *
 * A kernel that cannot be built is reported in `failures`; the others go on.
 *
 * @throws {@link AbortedError} when stopped; before anything is measured {@link UnknownIdError}, and {@link ImplementMismatchError} for
 *   kernels that are not made for the framework, and {@link ForeignFileError} for files in the way that nnm has not written
 */
export async function* buildLatencyPredictor(
  context: PipelineContext,
  kernelTypes: readonly string[] = [...context.kernels.keys()],
): Stage<BuildReport> {
  assertImplement(
    kernelTypes.map((type) => context.registry.kernel(type)),
    context.implement,
  );
  assertOutputsReplaceable(kernelTypes, context);
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
      throwIfAborted(context.signal, `Building ${type}`);
      try {
        builds.push(yield* buildPredictorForKernel(type, withShareOfTime(context, kernelsLeft)));
      } catch (error) {
        if (!NnmError.isInstance(error) || !KERNEL_FAILURES.has(error.code)) throw error;
        // A runtime that has never come to an end would do so with every other kernel, too.
        if (error instanceof KernelsFailAlikeError && error.hang && predictors.length + builds.length === 0) throw error;
        failures.push({ kernel: type, error });
      }
    }
    if (builds.length > 0) predictors.push(yield* finishFamily(family, builds, context));
  }
  return { predictors, failures };
}

/** Errors that concern one kernel only; any other one ends the run. */
const KERNEL_FAILURES: ReadonlySet<string> = new Set([
  'ERR_TOO_FEW_ROWS',
  'ERR_INVALID_CONFIG',
  'ERR_SAMPLER_FAILED',
  'ERR_INVALID_GRAPH',
  'ERR_CONVERSION',
  'ERR_REGRESSOR_TOO_SLOW',
  'ERR_KERNELS_FAIL_ALIKE',
]);

/** Imported rows of the kernel itself; those of its family's other kernels train, but do not steer. */
function ownRows({ kernel, imported }: KernelBuild): readonly LabelledConfig[] {
  return imported.filter((row) => row.kernel === kernel);
}

async function* trainRound(round: Omit<KernelBuild, 'built'>, context: PipelineContext): Stage<KernelBuild> {
  const { kernel, mark, environment } = round;
  throwIfAborted(context.signal, `Building ${kernel}`);
  yield { type: 'stage', stage: 'train', kernel, mark };
  const data = [...round.imported, ...labelledSamples(round.samples)];
  const options = trainOptions(kernel, labelledSamples(round.holdout), environment, context);
  const built = await buildPredictorByData(kernel, data, options, context).catch((error: unknown) => {
    throw explainTooFewRows(error, [...round.samples, ...round.holdout], round.unmeasured);
  });
  for (const { message } of built.problems) yield { type: 'note', kernel, message };
  yield {
    type: 'graded',
    kernel,
    mark,
    rows: data.length,
    validation: built.metrics,
    ...(built.holdoutMetrics && { holdout: built.holdoutMetrics }),
    largeErrors: built.largeErrorConfigs.length,
    explainedErrors: built.explainedErrors,
  };
  if (round.imported.length > 0 && disagrees(built)) {
    yield {
      type: 'note',
      kernel,
      message: `${kernel}: the imported latencies do not agree with what is measured here: the predictor errs by ${Math.round(built.metrics.rmspe * 100)} % on rows like its own and by ${Math.round((built.holdoutMetrics?.rmspe ?? 0) * 100)} % on the hold-out. They may be of another device or runtime; remove them from ${importedPlace(context)} to go without.`,
    };
  }
  if (context.workspace) await savePredictor(`${kernel}_${mark}`, built.predictor, context.workspace);
  return { ...round, built };
}

/** How much larger than on its own kind of rows the error on the hold-out is, and how large at least, when rows come from elsewhere. */
const DISAGREEMENT = { factor: 2.5, least: 0.3 };

/**
 * Whether the hold-out, measured here, is predicted far worse than the rows the predictor was made of, on the whole or for most of them: among rows of two
 * devices a few can be as wrong as all of the hold-out.
 */
function disagrees({ metrics, holdoutMetrics }: BuiltPredictor): boolean {
  if (holdoutMetrics === undefined) return false;
  const { factor, least } = DISAGREEMENT;
  return (['rmspe', 'medianError'] as const).some((error) => holdoutMetrics[error] > Math.max(least, factor * metrics[error]));
}

function importedPlace({ workspace }: PipelineContext): string {
  return workspace === undefined ? 'the data' : workspace.paths.imported;
}

/** The context for one of the kernels that are left: the time budget is shared out evenly, and what one leaves goes to the next. */
function withShareOfTime(context: PipelineContext, kernelsLeft: number): PipelineContext {
  const { timeLeftMs, settleLeftMs } = context;
  const shareOf = (leftMs: () => number): (() => number) => {
    const atStart = leftMs();
    return () => leftMs() - (atStart - atStart / kernelsLeft);
  };
  return {
    ...context,
    ...(timeLeftMs && { timeLeftMs: shareOf(timeLeftMs) }),
    ...(settleLeftMs && { settleLeftMs: shareOf(settleLeftMs) }),
  };
}

function isOutOfTime({ timeLeftMs }: PipelineContext): boolean {
  return timeLeftMs !== undefined && timeLeftMs() <= 0;
}
