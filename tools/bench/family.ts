// What does it bring that the kernels of a family share a predictor? `npm run bench:family -- --folder bench-results/accuracy`
//
// Reads the workspaces that `npm run bench:accuracy` left in the folder. Each kernel's hold-out is predicted by a model trained on that
// kernel's rows alone, and by one trained on the rows of all kernels of its family.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createRegistry, kernelFamily, Rng, toFeatureMatrix } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import { computeMetrics, DEFAULT_TRAINING, findRegressor } from '@nnm/predictor';
import { fitModel, type ModelData, type ModelRecipe, predictLatencies } from '../../packages/predictor/src/training/fit-model.ts';
import { type MeasuredData, readMeasuredData } from './measured-data.ts';

const { values: options } = parseArgs({
  options: { folder: { type: 'string', default: path.join('bench-results', 'accuracy') }, seed: { type: 'string', default: '1' } },
});
const registry = createRegistry([kernelsConv]);
const families = new Map(registry.kernels.map(({ value }) => [value.type, kernelFamily(value)]));
const regressor = findRegressor(DEFAULT_TRAINING.regressor);
const recipe: ModelRecipe = { regressor, target: DEFAULT_TRAINING.target, options: regressor.parseOptions(DEFAULT_TRAINING.options) };

/** Features and, as the pipeline does, a column per member of the family that says whose rows these are. */
function withIndicators({ featureNames, features, latenciesMs }: ModelData, member: number, members: number): ModelData {
  const { rows, columns, values } = features;
  const vectors = Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * columns, (row + 1) * columns),
    ...Array.from({ length: members }, (_, other) => Number(other === member)),
  ]);
  const names = [...featureNames, ...Array.from({ length: members }, (_, other) => `IS:${other}`)];
  return { featureNames: names, features: toFeatureMatrix(vectors, names.length), latenciesMs };
}

/** The rows of several kernels with the same features. */
function joinData(sets: readonly ModelData[]): ModelData {
  const [first] = sets as readonly [ModelData];
  const rows = sets.reduce((sum, { features }) => sum + features.rows, 0);
  return {
    featureNames: first.featureNames,
    features: { rows, columns: first.features.columns, values: Float64Array.from(sets.flatMap(({ features }) => [...features.values])) },
    latenciesMs: Float64Array.from(sets.flatMap(({ latenciesMs }) => [...latenciesMs])),
  };
}

const measured: MeasuredData[] = [];
for await (const data of readMeasuredData(options.folder)) if (families.has(data.kernel)) measured.push(data);
const groups = new Map<string, MeasuredData[]>();
for (const data of measured) {
  const name = `${data.backend} ${families.get(data.kernel)}`;
  groups.set(name, [...(groups.get(name) ?? []), data]);
}
const results: Record<string, unknown>[] = [];
const percent = (share: number): number => Math.round(1000 * share) / 10;
for (const members of groups.values()) {
  const together = await fitModel(recipe, joinData(members.map(({ train }, member) => withIndicators(train, member, members.length))), {
    rng: new Rng(Number(options.seed)),
  });
  for (const [member, { backend, kernel, train, holdout }] of members.entries()) {
    const alone = await fitModel(recipe, train, { rng: new Rng(Number(options.seed)) });
    const held = withIndicators(holdout, member, members.length);
    const own = computeMetrics(holdout.latenciesMs, predictLatencies(alone, holdout.features));
    const shared = computeMetrics(holdout.latenciesMs, predictLatencies(together, held.features));
    results.push({
      backend,
      kernel,
      rows: train.features.rows,
      alone5: percent(own.acc5),
      alone10: percent(own.acc10),
      family5: percent(shared.acc5),
      family10: percent(shared.acc10),
    });
  }
}
console.table(results);
console.log(JSON.stringify({ bench: 'family', results }));
