import { isDeepStrictEqual } from 'node:util';
import { NnmError } from '../../errors/index.ts';
import { Rng } from '../../random/index.ts';
import type { AnyRegressor, FittedRegressor, SerialisedRegressor, TrainingData } from '../../regressor/regressor.ts';
import { type ContractCase, requirementsOf } from './contract-case.ts';
import { survivesJson } from './json-value.ts';

/** Options of {@link regressorContract}. */
export interface RegressorContractOptions {
  /** Raw options handed to `parseOptions`; default `{}`. Choose small ones to keep the suite fast. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Rows of the generated training data; default 200. */
  readonly rows?: number;
  /** Seed of the data and of fitting; default 1. */
  readonly seed?: number;
}

/**
 * What every regressor must do, as named cases that any test framework can loop over.
 *
 * @example
 * for (const { name, run } of regressorContract(myRegressor)) test(name, run);
 */
export function regressorContract(regressor: AnyRegressor, options: RegressorContractOptions = {}): readonly ContractCase[] {
  const require = requirementsOf(`Regressor "${regressor.id}"`);
  const { rows = 200, seed = 1 } = options;
  const data = (): TrainingData => generateData(rows, seed);
  const fit = (training: TrainingData, fitSeed = seed): Promise<FittedRegressor> =>
    Promise.resolve(regressor.fit(training, regressor.parseOptions(options.options ?? {}), { rng: new Rng(fitSeed) }));

  const cases: readonly ContractCase[] = [
    {
      name: 'options have defaults and unknown ones are refused by name',
      run() {
        regressor.parseOptions({});
        let refusal: unknown;
        try {
          regressor.parseOptions({ noSuchOption: 1 });
        } catch (error) {
          refusal = error;
        }
        require(refusal !== undefined, 'accepts an option that it does not have');
        require(NnmError.isInstance(refusal) &&
          refusal.message.includes('noSuchOption'), `does not name the unknown option: ${String(refusal)}`);
      },
    },
    {
      name: 'options are accepted as a predictor keeps them: parsed once, and as JSON',
      run() {
        const kept = JSON.parse(JSON.stringify(regressor.parseOptions(options.options ?? {}) ?? {})) as Record<string, unknown>;
        regressor.parseOptions(kept);
      },
    },
    {
      name: 'fitting leaves the data untouched and gives finite predictions, one by one as all at once',
      async run() {
        const training = data();
        const fitted = await fit(training);
        require(isDeepStrictEqual(training, data()), 'changes its training data');
        const many = fitted.predictMany(training.features);
        require(many.length === rows && many.every(Number.isFinite), 'gives predictions that are missing or not finite');
        for (let row = 0; row < rows; row++) {
          require(fitted.predictOne(rowOf(training, row)) === many[row], `predicts row ${row} differently on its own and with the others`);
        }
        require(fitted.outOfBag === undefined || fitted.outOfBag.length === rows, 'has out-of-bag predictions for another number of rows');
      },
    },
    {
      name: 'it learns: its error on new rows is well below that of the mean',
      async run() {
        const [training, fresh] = [data(), generateData(rows, seed + 1)];
        const predictions = (await fit(training)).predictMany(fresh.features);
        const mean = training.targets.reduce((sum, target) => sum + target, 0) / rows;
        const squared = (predict: (row: number) => number): number =>
          fresh.targets.reduce((sum, target, row) => sum + (target - predict(row)) ** 2, 0);
        const ratio = Math.sqrt(squared((row) => predictions[row]!) / squared(() => mean));
        require(ratio < 0.5, `has ${(100 * ratio).toFixed(0)} % of the error that always answering the mean has; 50 % is allowed`);
      },
    },
    {
      name: 'equal seeds give equal predictions',
      async run() {
        const training = data();
        const [first, second] = [await fit(training), await fit(training)];
        require(isDeepStrictEqual(
          first.predictMany(training.features),
          second.predictMany(training.features),
        ), 'gives different predictions for the same seed; draw from context.rng only');
      },
    },
    {
      name: 'it is the same after having been written and read',
      async run() {
        const training = data();
        const fitted = await fit(training);
        const { json, binary } = fitted.serialise();
        require(survivesJson(json), 'has a JSON part that is not the same after JSON');
        const stored: SerialisedRegressor = { json: JSON.parse(JSON.stringify(json)), binary: Uint8Array.from(binary) };
        const restored = regressor.deserialise(stored);
        require(isDeepStrictEqual(
          restored.predictMany(training.features),
          fitted.predictMany(training.features),
        ), 'predicts differently after having been written and read');
      },
    },
    {
      name: 'constant features and a constant target are learned, not divided by',
      async run() {
        const training = { ...data(), targets: new Float64Array(rows).fill(2.5) };
        training.features.values.forEach((_, index) => {
          if (index % training.features.columns === 0) training.features.values[index] = 7;
        });
        const predictions = (await fit(training)).predictMany(training.features);
        require(predictions.every((value) => Math.abs(value - 2.5) < 1e-6), 'does not predict a target that is always 2.5');
      },
    },
  ];
  return cases.map(({ name, run }) => ({ name: `${regressor.id}: ${name}`, run }));
}

/** A smooth function of two of four features, in the shape of latencies: positive, growing with work. */
function generateData(rows: number, seed: number): TrainingData {
  const rng = new Rng(seed).fork('training');
  const columns = 4;
  const values = Float64Array.from({ length: rows * columns }, () => rng.integer(1, 64));
  const targets = Float64Array.from(
    { length: rows },
    (_, row) => 1 + 0.1 * values[row * columns]! + 0.002 * values[row * columns + 1]! ** 2,
  );
  return { featureNames: ['A', 'B', 'C', 'D'], features: { rows, columns, values }, targets };
}

const rowOf = ({ features: { columns, values } }: TrainingData, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns);
