import {
  type AnyKernel,
  configKey,
  type KernelConfig,
  log1p,
  mean,
  populationDeviation,
  Rng,
  sampleFinegrained,
  samplePrior,
  throwIfAborted,
} from '@nnm/core';
import { rowWeights, toFeatureMatrix } from '@nnm/predictor';
import { labelTrust } from '../data/label-trust.ts';
import type { PipelineContext } from '../stages/context.ts';
import type { Stage } from '../stages/events.ts';
import { joinFeatures } from '../stages/features.ts';
import type { KernelSample, Mark } from '../stages/records.ts';
import { markSamples, samplingContext, saveSamples } from '../stages/sample.ts';
import type { LabelledConfig } from '../workspace/index.ts';
import { type Candidate, drawBatch } from './adaptive-batch.ts';
import { type Committee, fitCommittee } from './adaptive-committee.ts';
import { explainedError, unexplainedError } from './explained-error.ts';

/** What {@link chooseInformativeConfigs} chooses from and by. */
export interface InformativeChoice {
  /** Names the round's random draws. */
  readonly mark: Mark;
  /** What has been measured; only this steers the choice. */
  readonly samples: readonly LabelledConfig[];
  /** Configurations that must not be chosen again, such as failed ones and the hold-out. */
  readonly earlier: readonly KernelSample[];
  /** Relative error from which the surroundings of a measured configuration become candidates. */
  readonly errorThreshold: number;
}

/** Fresh draws from the prior per configuration wanted, and at least. */
const DRAWS_PER_PICK = 10;
const FEWEST_DRAWS = 400;
/** Candidates around each large error, and around how many, worst first. */
const NEIGHBOURS = 4;
const MOST_ERRORS = 25;

/**
 * Choose the configurations that would teach the most: candidates are fresh draws from the prior and the surroundings of large
 * cross-validated errors; a committee of models scores them by how far its members disagree and how large an error is expected; the
 * batch is drawn in proportion to the scores and spread out.
 *
 * Deterministic: the same samples, seed and mark give the same list. Reads no hold-out latency.
 *
 * @param count - how many; fewer come back when the space holds no more
 */
export async function chooseInformativeConfigs(
  kernelType: string,
  count: number,
  choice: InformativeChoice,
  context: PipelineContext,
): Promise<readonly KernelConfig[]> {
  const kernel = context.registry.kernel(kernelType);
  const rng = new Rng(context.seed).fork(`adaptive/${kernelType}/${choice.mark}`);
  const { samples } = choice;
  const committee = await fitCommittee(labelledVectors(kernel, samples), {
    ids: samples.map(({ id }) => id),
    explained: samples.map(explainedError),
    rng: rng.fork('committee'),
    ...(context.signal && { signal: context.signal }),
  });
  const candidates = gatherCandidates(kernel, count, choice, committee, context);
  const scores = committee.scoreCandidates(vectorsOf(kernel, candidates).features);
  const places = placeConfigs(candidates.map(({ config }) => config));
  const batch = drawBatch(
    places.map((point, row): Candidate => ({ point, score: scores[row] as number })),
    count,
    rng.fork('batch'),
  );
  return batch.map((index) => (candidates[index] as { config: KernelConfig }).config);
}

/** {@link chooseInformativeConfigs} as a stage: with events, and saving the samples when there is a workspace. */
export async function* sampleInformative(
  kernelType: string,
  count: number,
  choice: InformativeChoice,
  context: PipelineContext,
): Stage<readonly KernelSample[]> {
  throwIfAborted(context.signal, `Building ${kernelType}`);
  const { mark, earlier } = choice;
  yield { type: 'stage', stage: 'sample', kernel: kernelType, mark };
  const configs = await chooseInformativeConfigs(kernelType, count, choice, context);
  const samples = markSamples(kernelType, configs, { mark, earlier }, context);
  yield { type: 'sampled', kernel: kernelType, mark, asked: count, got: samples.length };
  if (context.workspace) await saveSamples(samples, { ...context, workspace: context.workspace });
  return samples;
}

function gatherCandidates(
  kernel: AnyKernel,
  count: number,
  { mark, samples, earlier, errorThreshold }: InformativeChoice,
  { errors }: Committee,
  context: PipelineContext,
): readonly { readonly config: KernelConfig }[] {
  const fresh = { ...samplingContext(kernel, `candidates/${kernel.type}/${mark}`, [...samples, ...earlier], context), likePrior: true };
  const draws = samplePrior(kernel, Math.max(FEWEST_DRAWS, DRAWS_PER_PICK * count), fresh);
  const large = samples
    .map((sample, row) => ({ config: sample.config, error: unexplainedError(errors[row] as number, sample) }))
    .filter(({ error }) => error > log1p(errorThreshold))
    .sort((a, b) => b.error - a.error)
    .slice(0, MOST_ERRORS);
  const known = new Set([...(fresh.exclude ?? []), ...draws.map(configKey)]);
  const around = sampleFinegrained(
    kernel,
    NEIGHBOURS,
    large.map(({ config }) => config),
    { ...fresh, exclude: known },
  );
  return [...draws, ...around].map((config) => ({ config }));
}

function vectorsOf(kernel: AnyKernel, items: readonly { readonly config: KernelConfig }[]) {
  const table = joinFeatures([kernel]);
  const vectors = items.map(({ config }) => table.featuresOf(kernel.type, config));
  return { featureNames: table.names, pathFeatures: table.paths, features: toFeatureMatrix(vectors, table.names.length) };
}

function labelledVectors(kernel: AnyKernel, samples: readonly LabelledConfig[]) {
  const weights = rowWeights(samples.map((sample) => ({ latencyMs: sample.latencyMs, ...labelTrust(sample) })));
  return {
    ...vectorsOf(kernel, samples),
    latenciesMs: Float64Array.from(samples, ({ latencyMs }) => latencyMs),
    ...(weights && { weights }),
  };
}

/** Logarithms of the configurations' values, each key scaled to a standard deviation of 1. */
function placeConfigs(configs: readonly KernelConfig[]): readonly (readonly number[])[] {
  const keys = Object.keys(configs[0] ?? {});
  const columns = keys.map((key) => {
    const values = configs.map((config) => log1p(config[key] as number));
    const centre = mean(values);
    const deviation = populationDeviation(values);
    return values.map((value) => (deviation > 0 ? (value - centre) / deviation : 0));
  });
  return configs.map((_, row) => columns.map((column) => column[row] as number));
}
