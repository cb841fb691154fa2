import { z } from 'zod';
import { countOrShare, flag, integer, limit, parseOptions } from './parse-options.ts';
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

const MAX_FEATURES = "an integer >= 1, a share between 0 and 1, 'sqrt', 'log2' or null";

/** What `maxFeatures` may be. */
export const maxFeatures: z.ZodType<MaxFeatures> = z.union([countOrShare(1, MAX_FEATURES), z.literal(['sqrt', 'log2']), z.null()], {
  error: MAX_FEATURES,
});

const FIELDS = {
  nEstimators: integer(1).default(370),
  maxDepth: limit(1).default(null),
  minSamplesSplit: countOrShare(2).default(2),
  minSamplesLeaf: countOrShare(1).default(1),
  maxFeatures: maxFeatures.default(null),
  bootstrap: flag.default(true),
  maxSamples: countOrShare(1, 'an integer >= 1, a share between 0 and 1, or null').nullable().default(null),
};

/**
 * Check forest options and fill in defaults.
 *
 * @param owner - id of the regressor, shown in errors
 * @throws {@link InvalidArgumentError} naming the option
 */
export function parseForestOptions(owner: string, raw: Readonly<Record<string, unknown>>): ForestOptions {
  return parseOptions(owner, FIELDS, raw);
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
