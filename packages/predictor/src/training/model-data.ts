import { type FeatureMatrix, selectRows } from '@nnm/core';

/** Measured configurations as numbers. */
export interface ModelData {
  readonly featureNames: readonly string[];
  /** Features of ways of computing, of which measurements follow one or none; default none. */
  readonly pathFeatures?: readonly (readonly string[])[];
  readonly features: FeatureMatrix;
  readonly latenciesMs: Float64Array;
  /** How much each row counts; absent when all count the same. */
  readonly weights?: Float64Array;
}

/** These rows of the data. */
export function selectData(data: ModelData, indices: readonly number[]): ModelData {
  const { weights, pathFeatures } = data;
  return {
    featureNames: data.featureNames,
    ...(pathFeatures && { pathFeatures }),
    features: selectRows(data.features, indices),
    latenciesMs: Float64Array.from(indices, (row) => data.latenciesMs[row]!),
    ...(weights && { weights: Float64Array.from(indices, (row) => weights[row]!) }),
  };
}
