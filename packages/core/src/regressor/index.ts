export { type FeatureMatrix, selectRows, toFeatureMatrix } from './feature-matrix.ts';
export {
  type AnyRegressor,
  defineRegressor,
  type FitContext,
  type FittedRegressor,
  type Regressor,
  type SerialisedRegressor,
  type TrainingData,
} from './regressor.ts';
