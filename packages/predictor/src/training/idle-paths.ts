import { type FeatureMatrix, log } from '@nnm/core';
import { baselineMs } from '../predict/baseline.ts';
import { fitBaseline } from './fit-baseline.ts';
import type { ModelData } from './model-data.ts';

/**
 * Share of the error that a baseline with the features of a way of computing may keep of one without, for measurements that follow it: two runtimes
 * left 0.03 to 0.81 of it by what they do on two processors, and mostly 0.9 and more by what they do not (`npm run bench -- ways`). To follow a wrong way costs
 * little, not to follow the right one up to half of a latency. The error is the mean of the absolute logarithm: squares would leave the choice to a few broken labels.
 */
const FOLLOWED = 0.82;

/**
 * The features to learn from: those of ways of computing that the runtime does not take are 0 in all rows, so that nothing is learned from
 * them. Which it takes the measurements say, by how much nearer a baseline with its features comes to them.
 */
export function withoutIdlePaths(data: ModelData): FeatureMatrix {
  const { pathFeatures = [], features } = data;
  if (pathFeatures.length === 0) return features;
  let best = { path: [] as readonly string[], left: FOLLOWED };
  pathErrors(data).forEach((left, index) => {
    if (left < best.left) best = { path: pathFeatures[index]!, left };
  });
  return keepOnly(best.path, data);
}

/** For each way of computing the share of its error that a baseline keeps once it has the features of the way. */
export function pathErrors(data: ModelData): readonly number[] {
  const without = baselineError(data, keepOnly([], data));
  return (data.pathFeatures ?? []).map((path) => baselineError(data, keepOnly(path, data)) / without);
}

/** The features with 0 for those of every way of computing but one. */
function keepOnly(path: readonly string[], { featureNames, pathFeatures = [], features }: ModelData): FeatureMatrix {
  const idle = new Set(pathFeatures.flat());
  for (const name of path) idle.delete(name);
  const columns = featureNames.flatMap((name, column) => (idle.has(name) ? [column] : []));
  if (columns.length === 0) return features;
  const values = features.values.slice();
  for (let row = 0; row < features.rows; row++) for (const column of columns) values[row * features.columns + column] = 0;
  return { ...features, values };
}

/** Weighted sum of `|log(baseline / measured)|` of the best baseline. */
function baselineError({ featureNames, latenciesMs, weights }: ModelData, features: FeatureMatrix): number {
  const baseline = fitBaseline(featureNames, features, latenciesMs, weights);
  return latenciesMs.reduce((sum, latencyMs, row) => {
    const ratio = baselineMs(baseline, features.values, row * features.columns) / latencyMs;
    return sum + (weights?.[row] ?? 1) * Math.abs(log(ratio));
  }, 0);
}
