import { OptionReader } from './option-reader.ts';
import type { GrowthLimits } from './tree-grower.ts';

/** How many features a split may choose from: a count, a share in (0, 1), a function of their number, or null for all. */
export type MaxFeatures = number | 'sqrt' | 'log2' | null;

/** Options of the forest, each with scikit-learn's meaning. */
export interface ForestOptions {
  readonly nEstimators: number;
  /** null: no limit. */
  readonly maxDepth: number | null;
  /** Rows a split needs: a count, or a share of the training rows. */
  readonly minSamplesSplit: number;
  /** Rows every leaf keeps: a count, or a share of the training rows. */
  readonly minSamplesLeaf: number;
  /** A count beyond the number of features means all of them. JavaScript has one kind of number: 1 is a count, null means all. */
  readonly maxFeatures: MaxFeatures;
  readonly bootstrap: boolean;
  /** Rows drawn for each tree when `bootstrap`: a count, a share, or null for as many as there are. */
  readonly maxSamples: number | null;
}

/**
 * Check forest options and fill in defaults.
 *
 * @param owner - id of the regressor, shown in errors
 * @throws {@link InvalidArgumentError} naming the option
 */
export function parseForestOptions(owner: string, raw: Readonly<Record<string, unknown>>): ForestOptions {
  const reader = new OptionReader(owner, raw);
  const options: ForestOptions = {
    nEstimators: reader.integer('nEstimators', 370, 1),
    maxDepth: reader.limit('maxDepth', null, 1),
    minSamplesSplit: reader.countOrShare('minSamplesSplit', 2, 2),
    minSamplesLeaf: reader.countOrShare('minSamplesLeaf', 1, 1),
    maxFeatures: reader.value<MaxFeatures>(
      'maxFeatures',
      null,
      "an integer >= 1, a share between 0 and 1, 'sqrt', 'log2' or null",
      isMaxFeatures,
    ),
    bootstrap: reader.boolean('bootstrap', true),
    maxSamples: reader.value<number | null>(
      'maxSamples',
      null,
      'an integer >= 1, a share between 0 and 1, or null',
      (value): value is number | null => value === null || isCountOrShare(value),
    ),
  };
  reader.finish();
  return options;
}

/** The options as numbers for one table. */
export function resolveForestLimits(options: ForestOptions, rows: number, columns: number): GrowthLimits {
  return {
    maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: options.minSamplesSplit < 1 ? Math.max(2, Math.ceil(options.minSamplesSplit * rows)) : options.minSamplesSplit,
    minSamplesLeaf: options.minSamplesLeaf < 1 ? Math.ceil(options.minSamplesLeaf * rows) : options.minSamplesLeaf,
    featuresPerSplit: resolveMaxFeatures(options.maxFeatures, columns),
    l2: 0,
  };
}

/** How many features each split draws. */
export function resolveMaxFeatures(maxFeatures: MaxFeatures, columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, 31 - Math.clz32(columns));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : Math.min(columns, maxFeatures);
}

/** True for what `maxFeatures` may be. */
export function isMaxFeatures(value: unknown): value is MaxFeatures {
  return value === null || value === 'sqrt' || value === 'log2' || isCountOrShare(value);
}

function isCountOrShare(value: unknown): value is number {
  return typeof value === 'number' && ((value > 0 && value < 1) || (Number.isInteger(value) && value >= 1));
}
