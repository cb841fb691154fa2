import { definePlugin } from '@nnm/core';
import { gradientBoosting } from './regressors/gradient-boosting.ts';
import { mlRandomForest } from './regressors/ml-random-forest.ts';
import { randomForest } from './regressors/random-forest.ts';
import { VERSION } from './version.ts';

/** The plugin: the regressors that come with nnm. */
export default definePlugin({
  name: '@nnm/predictor',
  version: VERSION,
  apiVersion: 1,
  regressors: [randomForest, gradientBoosting, mlRandomForest],
});
