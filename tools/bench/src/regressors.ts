import { Rng } from '@nnm/core';
import { computeMetrics, DEFAULT_TRAINING, findRegressor, type Metrics, TRAINING_PRESETS, type TrainingPreset } from '@nnm/predictor';
import { crossValidate, fitModel, type ModelRecipe, predictLatencies } from '../../../packages/predictor/src/training/fit-model.ts';
import { defineBench } from './bench.ts';
import { type MeasuredData, readMeasuredData } from './measured-data.ts';

const FOLDS = 5;

const boosting = (values: Readonly<Record<string, unknown>>): TrainingPreset => ({
  regressor: 'gradient-boosting',
  target: 'log-residual',
  options: values,
});
const forest = { nEstimators: 320, maxFeatures: 0.5 };
const CANDIDATES: Readonly<Record<string, TrainingPreset>> = {
  'default training': DEFAULT_TRAINING,
  'preset paper': TRAINING_PRESETS.paper,
  'forest raw': { regressor: 'random-forest', target: 'raw', options: forest },
  'forest log-residual': { regressor: 'random-forest', target: 'log-residual', options: forest },
  // Its fit is quadratic in the rows for every node; a few trees are what finishes in a benchmark.
  'ml-random-forest log-residual, 10 trees': { regressor: 'ml-random-forest', target: 'log-residual', options: { nEstimators: 10 } },
  'boosting raw': { ...boosting({}), target: 'raw' },
  'boosting, no clip': boosting({}),
  'boosting, clip 0.95': boosting({ clip: 0.95 }),
  'boosting, clip 0.8': boosting({ clip: 0.8 }),
  'boosting, clip 0.7': boosting({ clip: 0.7 }),
  'boosting, clip 0.9, 3 averaged': boosting({ clip: 0.9, repeats: 3 }),
  'boosting, clip 0.9, depth 4': boosting({ clip: 0.9, maxDepth: 4 }),
  'boosting, clip 0.9, depth 8': boosting({ clip: 0.9, maxDepth: 8 }),
  'boosting, clip 0.9, rate 0.1 × 300': boosting({ clip: 0.9, learningRate: 0.1, nEstimators: 300 }),
  'boosting, clip 0.9, rate 0.03 × 1200': boosting({ clip: 0.9, learningRate: 0.03, nEstimators: 1200 }),
  'boosting, clip 0.9, subsample 0.8': boosting({ clip: 0.9, subsample: 0.8 }),
};

interface Result {
  readonly backend: string;
  readonly kernel: string;
  readonly candidate: string;
  readonly rows: number;
  readonly crossValidation: Metrics;
  readonly holdout: Metrics;
  /** CPU seconds of one fit on all rows. */
  readonly fitS: number;
}

export default defineBench({
  question: 'Which regressor, target and options predict real measurements best?',
  options: {
    folder: { default: 'bench-results/accuracy', help: 'what the benchmark accuracy measured' },
    only: { help: 'only candidates whose names contain this' },
    seed: { default: '1', help: 'seed of folds and training' },
  },
  async run(options) {
    async function grade(name: string, preset: TrainingPreset, { backend, kernel, ids, train, holdout }: MeasuredData): Promise<Result> {
      const regressor = findRegressor(preset.regressor);
      const recipe: ModelRecipe = { regressor, target: preset.target, options: regressor.parseOptions(preset.options) };
      const rng = new Rng(Number(options.seed));
      const unseen = await crossValidate(recipe, train, { ids, folds: FOLDS, rng: rng.fork('folds') });
      const started = process.cpuUsage();
      const model = await fitModel(recipe, train, { rng: rng.fork('predictor') });
      const { user, system } = process.cpuUsage(started);
      return {
        backend,
        kernel,
        candidate: name,
        rows: ids.length,
        crossValidation: computeMetrics(train.latenciesMs, unseen),
        holdout: computeMetrics(holdout.latenciesMs, predictLatencies(model, holdout.features)),
        fitS: (user + system) / 1e6,
      };
    }

    const percent = (share: number): string => (100 * share).toFixed(1);
    const grades = ({ acc5, acc10, acc15, rmspe }: Metrics): string => [acc5, acc10, acc15, rmspe].map(percent).join(' / ');

    const results: Result[] = [];
    for await (const data of readMeasuredData(options.folder)) {
      const { backend, kernel } = data;
      for (const [name, preset] of Object.entries(CANDIDATES)) {
        if (!name.includes(options.only)) continue;
        const result = await grade(name, preset, data);
        results.push(result);
        console.error(`  ${name}: ${grades(result.crossValidation)}`);
      }
      console.log(`${backend} ${kernel}: ${data.ids.length} rows, hold-out ${data.holdout.features.rows}. ±5 / ±10 / ±15 / RMSPE, %`);
      console.table(
        Object.fromEntries(
          results
            .filter((result) => result.backend === backend && result.kernel === kernel)
            .map(({ candidate, crossValidation, holdout, fitS }) => [
              candidate,
              { 'cross-validation': grades(crossValidation), 'hold-out': grades(holdout), 'fit, CPU s': Number(fitS.toFixed(2)) },
            ]),
        ),
      );
    }
    return { results: results.map(({ crossValidation: cv, holdout, ...rest }) => ({ ...rest, cv, holdout })) };
  },
});
