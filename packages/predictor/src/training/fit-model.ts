import { type AnyRegressor, type FeatureMatrix, type FitContext, type FittedRegressor, selectRows } from '@nnm/core';
import { latencyOf, type TargetId, type TargetModel, targetOf } from '../predict/target.ts';
import { fitBaseline } from './fit-baseline.ts';
import { withoutIdlePaths } from './idle-paths.ts';
import { type ModelData, selectData } from './model-data.ts';
import { foldsByRecordId } from './split-by-record-id.ts';

/** A raw prediction may fall below zero with boosted trees; none is below this share of the smallest latency seen. */
const FLOOR_SHARE = 0.1;

/** What is fitted, and how. */
export interface ModelRecipe {
  readonly regressor: AnyRegressor;
  /** Already checked by the regressor's `parseOptions`. */
  readonly options: unknown;
  readonly target: TargetId;
}

/** A regressor fitted on a target. */
export interface FittedModel {
  readonly target: TargetModel;
  readonly fitted: FittedRegressor;
}

/** Fit the target's baseline, then the regressor. */
export async function fitModel(recipe: ModelRecipe, data: ModelData, context: FitContext): Promise<FittedModel> {
  const { featureNames, latenciesMs, weights } = data;
  const features = recipe.target === 'raw' ? data.features : withoutIdlePaths(data);
  const target: TargetModel =
    recipe.target === 'raw'
      ? { id: 'raw', floorMs: FLOOR_SHARE * latenciesMs.reduce((min, latency) => Math.min(min, latency), Number.POSITIVE_INFINITY) }
      : { id: 'log-residual', baseline: fitBaseline(featureNames, features, latenciesMs, weights) };
  const targets = latenciesMs.map((latencyMs, row) => targetOf(target, latencyMs, features.values, row * features.columns));
  const fitted = await recipe.regressor.fit({ featureNames, features, targets, ...(weights && { weights }) }, recipe.options, context);
  return { target, fitted };
}

/** Predicted latencies in milliseconds. */
export function predictLatencies({ target, fitted }: FittedModel, features: FeatureMatrix): Float64Array {
  return toLatencies(target, fitted.predictMany(features), features);
}

/** The regressor's answers as latencies in milliseconds. NaN stays NaN. */
export function toLatencies(target: TargetModel, answers: Float64Array, features: FeatureMatrix): Float64Array {
  return answers.map((answer, row) => latencyOf(target, answer, features.values, row * features.columns));
}

/**
 * Predict every row with a model that has not seen it.
 *
 * @param ids - one per row; they decide the folds
 * @returns latencies in milliseconds
 */
export async function crossValidate(
  recipe: ModelRecipe,
  data: ModelData,
  { ids, folds, ...context }: FitContext & { readonly ids: readonly string[]; readonly folds: number },
): Promise<Float64Array> {
  const foldOf = foldsByRecordId(ids, folds);
  const predictions = new Float64Array(ids.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside = ids.map((_, row) => row).filter((row) => foldOf[row] === fold);
    const outside = ids.map((_, row) => row).filter((row) => foldOf[row] !== fold);
    if (inside.length === 0) continue;
    const model = await fitModel(recipe, selectData(data, outside), { ...context, rng: context.rng.fork(`fold-${fold}`) });
    const latencies = predictLatencies(model, selectRows(data.features, inside));
    inside.forEach((row, i) => {
      predictions[row] = latencies[i]!;
    });
  }
  return predictions;
}
