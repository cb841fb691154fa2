// What are the features worth? `npm run bench:features -- --folder bench-results/accuracy`
//
// Reads the workspaces that `npm run bench:accuracy` left in the folder and cross-validates (10 folds, the default training) with
// nn-Meter's features (configuration, FLOPs, parameters), with bytes besides, and with all that the kernel has.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Rng } from '@nnm/core';
import { computeMetrics, DEFAULT_TRAINING, findRegressor, type Metrics } from '@nnm/predictor';
import { crossValidate, type ModelData, type ModelRecipe } from '../../packages/predictor/src/training/fit-model.ts';
import { type MeasuredData, readMeasuredData } from './measured-data.ts';

const { values: options } = parseArgs({
  options: { folder: { type: 'string', default: path.join('bench-results', 'accuracy') }, seed: { type: 'string', default: '1' } },
});
const FOLDS = 10;
const SETS: Readonly<Record<string, (data: MeasuredData) => readonly string[]>> = {
  "nn-Meter's": ({ configKeys }) => [...configKeys, 'FLOPS', 'PARAMS'],
  'and bytes': ({ configKeys }) => [...configKeys, 'FLOPS', 'PARAMS', 'BYTES'],
  all: ({ train }) => train.featureNames,
};

function selectFeatures({ featureNames, features, latenciesMs }: ModelData, names: readonly string[]): ModelData {
  const indices = names.map((name) => featureNames.indexOf(name));
  const values = new Float64Array(features.rows * indices.length);
  for (let row = 0; row < features.rows; row++) {
    for (const [at, index] of indices.entries())
      values[row * indices.length + at] = features.values[row * features.columns + index] as number;
  }
  return { featureNames: names, features: { rows: features.rows, columns: indices.length, values }, latenciesMs };
}

const regressor = findRegressor(DEFAULT_TRAINING.regressor);
const recipe: ModelRecipe = { regressor, target: DEFAULT_TRAINING.target, options: regressor.parseOptions(DEFAULT_TRAINING.options) };
const percent = (share: number): string => (100 * share).toFixed(1);
const results: { backend: string; kernel: string; rows: number; set: string; grade: Metrics }[] = [];
for await (const data of readMeasuredData(options.folder)) {
  const { backend, kernel, ids } = data;
  for (const [set, choose] of Object.entries(SETS)) {
    const chosen = selectFeatures(data.train, choose(data));
    const unseen = await crossValidate(recipe, chosen, { ids, folds: FOLDS, rng: new Rng(Number(options.seed)) });
    results.push({ backend, kernel, rows: ids.length, set, grade: computeMetrics(chosen.latenciesMs, unseen) });
  }
  console.error(`${backend} ${kernel} done`);
}
console.log('Cross-validated, within ±5 / ±10 %; RMSPE, %');
const measured = new Map(results.map((result) => [`${result.backend} ${result.kernel}`, result]));
console.table(
  [...measured.values()].map(({ backend, kernel, rows }) => {
    const sets = results.filter((result) => result.backend === backend && result.kernel === kernel);
    const grades = sets.map(({ set, grade }) => [set, [grade.acc5, grade.acc10, grade.rmspe].map(percent).join(' / ')]);
    return { backend, kernel, rows, ...Object.fromEntries(grades) };
  }),
);
console.log(JSON.stringify({ bench: 'features', results }));
