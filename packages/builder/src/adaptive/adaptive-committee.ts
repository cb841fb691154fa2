import { type FeatureMatrix, log, populationDeviation, type Rng } from '@nnm/core';
import {
  fitModel,
  foldsByRecordId,
  gradientBoosting,
  type ModelData,
  type ModelRecipe,
  predictLatencies,
  randomForest,
  selectData,
} from '@nnm/predictor';

/** Models trained on different parts of the measured rows, and what they know about their own errors. */
export interface Committee {
  /** `|log(predicted / measured)|` of every measured row, predicted by the member that has not seen it. */
  readonly errors: Float64Array;
  /** How much each candidate would teach: the geometric mean of how far the members disagree and how large an error is expected there. */
  scoreCandidates(features: FeatureMatrix): Float64Array;
}

/** Members of the committee, as many as folds: each leaves one out. */
const MEMBERS = 5;
/** Few and quick trees: the committee has to tell places apart, not to predict well. */
const MEMBER_OPTIONS = { nEstimators: 120, learningRate: 0.12 };
/** A forest with large leaves: single errors are mostly noise, errors of a whole region are not. */
const ERROR_OPTIONS = { nEstimators: 100, minSamplesLeaf: 4, maxFeatures: 0.5 };
/** Larger errors count as this much, so that one broken measurement does not outweigh a region. */
const LARGEST_ERROR = 0.5;
/** Rows from which errors can be learned. */
const FEWEST_TELLING = 20;

/**
 * Train a committee. Whatever regressor the predictor itself uses, this one is made of small boosted models, so that a round of
 * adaptive sampling costs seconds.
 *
 * @param ids - one per row; they decide which member leaves the row out
 * @param explained - of each row, the error that its label's own scatter explains; infinite for a label that says nothing of the predictor
 */
export async function fitCommittee(
  data: ModelData,
  {
    ids,
    explained,
    rng,
    signal,
  }: { readonly ids: readonly string[]; readonly explained: readonly number[]; readonly rng: Rng; readonly signal?: AbortSignal },
): Promise<Committee> {
  const recipe: ModelRecipe = {
    regressor: gradientBoosting,
    options: gradientBoosting.parseOptions(MEMBER_OPTIONS),
    target: 'log-residual',
  };
  const stop = signal && { signal };
  const foldOf = foldsByRecordId(ids, MEMBERS);
  const rows = ids.map((_, row) => row);
  const errors = new Float64Array(ids.length);
  const members: Awaited<ReturnType<typeof fitModel>>[] = [];
  for (let fold = 0; fold < MEMBERS; fold++) {
    const left = rows.filter((row) => foldOf[row] === fold);
    const others = rows.filter((row) => foldOf[row] !== fold);
    const member = await fitModel(recipe, selectData(data, others), {
      ...stop,
      rng: rng.fork(`member-${fold}`),
    });
    members.push(member);
    const unseen = predictLatencies(member, selectData(data, left).features);
    left.forEach((row, i) => {
      errors[row] = Math.abs(log((unseen[i] as number) / (data.latenciesMs[row] as number)));
    });
  }
  // Labels that say nothing are left out, unless hardly any other is there.
  const telling = rows.filter((row) => (explained[row] as number) < Number.POSITIVE_INFINITY);
  const told = telling.length >= FEWEST_TELLING ? telling : rows;
  const targets = Float64Array.from(told, (row) => {
    const scatter = explained[row] as number;
    const error = errors[row] as number;
    return Math.min(scatter < Number.POSITIVE_INFINITY ? Math.max(0, error - scatter) : error, LARGEST_ERROR);
  });
  const { featureNames, features } = selectData(data, told);
  const context = { ...stop, rng: rng.fork('errors') };
  const errorModel = await randomForest.fit({ featureNames, features, targets }, randomForest.parseOptions(ERROR_OPTIONS), context);
  return {
    errors,
    scoreCandidates(candidates) {
      const expected = errorModel.predictMany(candidates);
      const answers = members.map((member) => predictLatencies(member, candidates).map(log));
      return expected.map((error, row) => Math.sqrt(error * populationDeviation(answers.map((answer) => answer[row] as number))));
    },
  };
}
