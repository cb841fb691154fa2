import { defineRegressor, NnmError } from '@nnm/core';
import { fittedEnsemble, restoreEnsemble } from '../predict/ensemble-regressor.ts';
import { checkTrainingData } from './check-training-data.ts';
import { NodeWriter } from './node-writer.ts';
import { countOrShare, integer, limit, number, parseOptions } from './parse-options.ts';
import { pauseForAbort } from './pause-for-abort.ts';

/** Work beyond which the package takes too long: trees × rows². 370 trees at 1000 rows take more than a minute. */
const MOST_WORK = 1e9;

/** Options of the npm package `ml-random-forest`, in its own meaning where it differs from scikit-learn's. */
export interface MlRandomForestOptions {
  readonly nEstimators: number;
  /** Features drawn once for each *tree*: a count, or a share in (0, 1); null means all. */
  readonly maxFeatures: number | null;
  readonly maxDepth: number | null;
  /** Nodes with at most this many rows become leaves. */
  readonly minNumSamples: number;
  /** Refuse data with more than this many trees × rows². */
  readonly maxWork: number;
}

/** The data are too large for the package `ml-random-forest`. */
export class RegressorTooSlowError extends NnmError {
  constructor(details: { regressor: string; rows: number; trees: number; work: number; maxWork: number }) {
    super({
      code: 'ERR_REGRESSOR_TOO_SLOW',
      message: `${details.regressor} would need too long: its time grows with the square of the rows, and ${details.trees} trees × ${details.rows}² rows are ${details.work.toExponential(1)}, more than the limit of ${details.maxWork.toExponential(1)}.`,
      hint: 'Use the regressor "random-forest", lower `nEstimators`, or raise `maxWork` and wait (1e9 takes about five minutes).',
      details,
    });
  }
}

/** The package `ml-random-forest` is not installed. */
export class MissingPackageError extends NnmError {
  constructor(details: { package: string; needed: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_MISSING_PACKAGE',
        message: `${details.needed} needs the npm package ${details.package}, which could not be loaded.`,
        hint: `Run \`npm install ${details.package}\`.`,
        details,
      },
      options,
    );
  }
}

/** A node of the package's trees, as its `toJSON` gives it. */
interface PackageNode {
  readonly left?: PackageNode;
  readonly right?: PackageNode;
  readonly splitColumn?: number;
  readonly splitValue?: number;
  readonly distribution?: number;
}

interface PackageModel {
  readonly baseModel: { readonly indexes: readonly (readonly number[])[]; readonly estimators: readonly { readonly root: PackageNode }[] };
}

interface PackageForest {
  train(features: number[][], targets: number[]): void;
  toJSON(): PackageModel;
}

const FIELDS = {
  nEstimators: integer(1).default(100),
  maxFeatures: countOrShare(2, 'an integer >= 2, a share between 0 and 1, or null for all (the package takes 1 for all)')
    .nullable()
    .default(null),
  maxDepth: limit(1).default(null),
  minNumSamples: integer(1).default(1),
  maxWork: number(0, Number.MAX_VALUE).default(MOST_WORK),
};

/**
 * Adapter over the npm package `ml-random-forest`, with the settings that avoid its traps. `random-forest` is faster and more accurate;
 * this one is for comparing with models made by the package.
 *
 * `gainThreshold: -1`, because the package refuses perfect splits otherwise; no out-of-bag predictions, which fail with few trees; the
 * fitted trees are kept in nnm's own form, so that predictor files have no size limit and need no package.
 */
export const mlRandomForest = defineRegressor<MlRandomForestOptions>({
  id: 'ml-random-forest',
  description: 'The npm package ml-random-forest: features drawn per tree, slow beyond some hundred rows.',
  parseOptions: (raw) => parseOptions('ml-random-forest', FIELDS, raw),
  async fit(data, options, { rng, signal }) {
    checkTrainingData(data);
    const { rows, columns, values } = data.features;
    const work = options.nEstimators * rows * rows;
    if (work > options.maxWork) {
      const { nEstimators: trees, maxWork } = options;
      throw new RegressorTooSlowError({ regressor: 'ml-random-forest', rows, trees, work, maxWork });
    }
    await pauseForAbort(signal, 0, 'Fitting ml-random-forest');
    const { RandomForestRegression } = await importPackage();
    const share =
      options.maxFeatures === null || options.maxFeatures >= 1
        ? options.maxFeatures
        : Math.max(1, Math.floor(options.maxFeatures * columns));
    const forest = new RandomForestRegression({
      nEstimators: options.nEstimators,
      // The package reads 1 as "all"; one feature per tree is the share that rounds to one.
      maxFeatures: share === null ? columns : share === 1 ? 1.5 / columns : Math.min(columns, share),
      replacement: false,
      seed: rng.fork('ml-random-forest').uint32() | 0,
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { gainThreshold: -1, minNumSamples: options.minNumSamples, maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY },
    });
    forest.train(
      Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns), Math.fround)),
      Array.from(data.targets),
    );
    const { estimators, indexes } = forest.toJSON().baseModel;
    const writer = new NodeWriter(estimators.length * rows);
    estimators.forEach(({ root }, tree) => {
      writer.startTree();
      writeTree(writer, root, indexes[tree]!);
    });
    return fittedEnsemble(writer.finish(columns, 0, 1 / estimators.length));
  },
  deserialise: restoreEnsemble,
});

/** The package's trees send a row left when its value is below the threshold; nnm's when it is at most the largest float below it. */
function writeTree(writer: NodeWriter, node: PackageNode, columns: readonly number[]): void {
  if (node.left === undefined || node.right === undefined) {
    writer.leaf(node.distribution ?? Number.NaN);
    return;
  }
  const self = writer.split(columns[node.splitColumn!]!, floatBelow(node.splitValue!));
  writeTree(writer, node.left, columns);
  writer.continueRight(self);
  writeTree(writer, node.right, columns);
}

/** The largest 32-bit float below a number. */
function floatBelow(value: number): number {
  const float = new Float32Array([value]);
  if (float[0]! < value) return float[0]!;
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) return -1.401298464324817e-45;
  bits[0] = bits[0]! + (float[0]! > 0 ? -1 : 1);
  return float[0]!;
}

async function importPackage(): Promise<{ RandomForestRegression: new (options: Record<string, unknown>) => PackageForest }> {
  try {
    return (await import('ml-random-forest')) as never;
  } catch (cause) {
    throw new MissingPackageError({ package: 'ml-random-forest', needed: 'The regressor "ml-random-forest"' }, { cause });
  }
}
