import { type FeatureMatrix, log } from '@nnm/core';
import { baselineMs } from '../predict/baseline.ts';
import { fitBaseline } from './fit-baseline.ts';
import type { ModelData } from './model-data.ts';

/**
 * Share of the error that a baseline with the path features may keep of one without, for measurements that follow them. The error is the mean of
 * the absolute logarithm: squares would leave the choice to a few broken labels.
 */
const FOLLOWED = 0.7;

/**
 * The features to learn from: those of a way of computing that the runtime does not take are 0 in all rows, so that nothing is learned from them.
 * Whether it takes it the measurements say, by how much nearer a baseline with these features comes to them.
 */
export function withoutIdlePaths(data: ModelData): FeatureMatrix {
  const { featureNames, pathFeatures = [], features } = data;
  const paths = featureNames.flatMap((name, column) => (pathFeatures.includes(name) ? [column] : []));
  if (paths.length === 0) return features;
  const values = features.values.slice();
  for (let row = 0; row < features.rows; row++) for (const column of paths) values[row * features.columns + column] = 0;
  const without: FeatureMatrix = { ...features, values };
  return baselineError(data, features) < FOLLOWED * baselineError(data, without) ? features : without;
}

/** Weighted sum of `|log(baseline / measured)|` of the best baseline. */
function baselineError({ featureNames, latenciesMs, weights }: ModelData, features: FeatureMatrix): number {
  const baseline = fitBaseline(featureNames, features, latenciesMs, weights);
  return latenciesMs.reduce((sum, latencyMs, row) => {
    const ratio = baselineMs(baseline, features.values, row * features.columns) / latencyMs;
    return sum + (weights?.[row] ?? 1) * Math.abs(log(ratio));
  }, 0);
}
