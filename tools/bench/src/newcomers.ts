import { createRegistry, kernelFamily, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import { computeMetrics, DEFAULT_TRAINING, findRegressor, type Metrics } from '@nnm/predictor';
import { fitModel, type ModelRecipe, predictLatencies } from '../../../packages/predictor/src/training/fit-model.ts';
import { defineBench, listOf } from './bench.ts';
import { joinRows, type MeasuredData, readMeasuredData } from './measured-data.ts';

/** One kernel's hold-out, graded by its family's predictor without and with the newcomers' rows. */
interface Result {
  readonly backend: string;
  readonly kernel: string;
  readonly holdout: number;
  readonly without: Metrics;
  readonly with: Metrics;
}

export default defineBench({
  question: 'Does a kernel that joins a family cost the others accuracy?',
  options: {
    folder: { default: 'bench-results/accuracy', help: 'what the benchmark accuracy measured, of several kernels of a family' },
    newcomers: { default: 'conv2d,dwconv2d', help: 'kernels that join, separated by commas' },
    seeds: { default: '5', help: 'trainings, each with a seed of its own, whose grades are averaged' },
  },
  async run({ folder, newcomers, seeds }) {
    const registry = createRegistry([kernelsConv]);
    const joining = new Set(listOf(newcomers));
    const families = new Map<string, MeasuredData[]>();
    for await (const data of readMeasuredData(folder)) {
      if (!registry.kernels.some(({ value }) => value.type === data.kernel)) continue;
      const key = `${data.backend} ${kernelFamily(registry.kernel(data.kernel))}`;
      families.set(key, [...(families.get(key) ?? []), data]);
    }

    const regressor = findRegressor(DEFAULT_TRAINING.regressor);
    const recipe: ModelRecipe = {
      regressor,
      target: DEFAULT_TRAINING.target,
      options: regressor.parseOptions(DEFAULT_TRAINING.options),
    };
    /** Predictions for every kernel's hold-out by one predictor of all these rows, for each seed. */
    async function gradeFamily(members: readonly MeasuredData[], graded: readonly MeasuredData[]): Promise<readonly Metrics[]> {
      const rows = joinRows(members.map(({ train }) => train));
      const models = await Promise.all(
        Array.from({ length: Number(seeds) }, (_, seed) => fitModel(recipe, rows, { rng: new Rng(seed).fork('predictor') })),
      );
      return graded.map(({ holdout }) =>
        average(models.map((model) => computeMetrics(holdout.latenciesMs, predictLatencies(model, holdout.features)))),
      );
    }

    const results: Result[] = [];
    for (const [family, members] of families) {
      const originals = members.filter(({ kernel }) => !joining.has(kernel));
      if (originals.length === 0 || originals.length === members.length) continue;
      console.error(`  ${family}: ${members.map(({ kernel }) => kernel).join(', ')}`);
      const without = await gradeFamily(originals, originals);
      const withThem = await gradeFamily(members, originals);
      originals.forEach(({ backend, kernel, holdout }, index) => {
        results.push({
          backend,
          kernel,
          holdout: holdout.features.rows,
          without: without[index] as Metrics,
          with: withThem[index] as Metrics,
        });
      });
    }
    const percent = ({ acc5, acc10, rmspe }: Metrics): string => [acc5, acc10, rmspe].map((share) => (100 * share).toFixed(1)).join(' / ');
    console.log(`±5 / ±10 % / RMSPE of the hold-out, without and with the rows of ${[...joining].join(', ')}`);
    console.table(
      results.map((row) => ({
        backend: row.backend,
        kernel: row.kernel,
        'hold-out': row.holdout,
        without: percent(row.without),
        with: percent(row.with),
      })),
    );
    return { results };
  },
});

/** The mean of each figure. */
function average(all: readonly Metrics[]): Metrics {
  const mean = (key: keyof Metrics): number => all.reduce((sum, metrics) => sum + (metrics[key] as number), 0) / all.length;
  const [first] = all as readonly [Metrics, ...Metrics[]];
  return { ...first, acc5: mean('acc5'), acc10: mean('acc10'), rmspe: mean('rmspe') };
}
