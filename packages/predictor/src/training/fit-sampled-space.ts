import { choleskyFactor, type FeatureMatrix, square } from '@nnm/core';
import { type SampledFeature, type SampledSpace, sampledDistance, signedLog } from '../predict/sampled-space.ts';

/** Added to the diagonal of the correlations: FLOPs are a product of the other features, so they are nearly dependent. */
const RIDGE = 1e-3;

/** Describe where training rows lie: the range of each feature, and how features go together. */
export function fitSampledSpace(featureNames: readonly string[], matrix: FeatureMatrix): SampledSpace {
  const { rows, columns, values } = matrix;
  const features = featureNames.map((name, column): SampledFeature => {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column]!;
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += signedLog(value);
      squares += square(signedLog(value));
    }
    const centre = sum / rows;
    const variance = squares / rows - centre * centre;
    return { name, min, max, centre, scale: min < max && variance > 0 ? Math.sqrt(variance) : 1 };
  });
  if (rows <= 2 * columns) return { features, whitening: [], limit: 0 };
  const correlation = features.map((_, a) => features.map((__, b) => (a === b ? RIDGE : 0)));
  for (let row = 0; row < rows; row++) {
    const standard = features.map(({ centre, scale }, k) => (signedLog(values[row * columns + k]!) - centre) / scale);
    for (let a = 0; a < columns; a++) for (let b = 0; b < columns; b++) correlation[a]![b]! += (standard[a]! * standard[b]!) / rows;
  }
  const space: SampledSpace = { features, whitening: choleskyFactor(correlation) ?? [], limit: 0 };
  let limit = 0;
  for (let row = 0; row < rows; row++) limit = Math.max(limit, sampledDistance(space, values, row * columns));
  return { ...space, limit };
}
