import { type FeatureMatrix, mean } from '@nnm/core';
import { BASELINE_FEATURES, type Baseline, type BaselineCost, countedUnits } from '../predict/baseline.ts';
import { LEAST_SQUARES_TIE, nonNegativeLeastSquares } from './non-negative-least-squares.ts';

/** A term of the baseline whose cost per unit is not known yet. */
type Term = Omit<BaselineCost, 'msPerUnit'>;

/** Sizes beyond which bytes may cost more: 256 KiB to 64 MiB in steps of √2. How much of which cache a kernel gets, only measuring tells. */
const CACHE_SIZES = Array.from({ length: 17 }, (_, step) => (step % 2 === 0 ? 1 : Math.SQRT2) * (0x4_0000 << (step >> 1)));
/** Rows beyond such a size, and as a share of all, that it takes to say what bytes cost there. */
const MIN_BEYOND = 4;
const MIN_BEYOND_SHARE = 0.01;
/** Share of its squared error that a baseline with one such size may keep with two, for the second to be worth having. */
const WORTH_A_SIZE = 0.95;

/**
 * Fit `latency = launch + sum of (cost per unit × feature)` over the kernel's own {@link BASELINE_FEATURES}, whichever it
 * has, and extra costs of the bytes beyond one or two sizes: those that do not fit in a cache. The sizes are those that fit best.
 *
 * Least squares of the relative error with no negative cost. With about ten unknowns every choice of those that are zero is tried,
 * which is exact. Features that say the same (FLOPS and PARAMS of layers of one image size) would share a cost in any proportion, decided
 * by rounding: choices with such terms are left out, and of choices that fit equally well the one with fewer and earlier terms is taken.
 *
 * @param latenciesMs - one positive latency per row
 * @param weights - how much each row counts; default: all the same
 */
export function fitBaseline(
  featureNames: readonly string[],
  features: FeatureMatrix,
  latenciesMs: Float64Array,
  weights: Float64Array = new Float64Array(latenciesMs.length).fill(1),
): Baseline {
  const work = BASELINE_FEATURES.filter((name) => featureNames.includes(name))
    .map((feature) => ({ feature, index: featureNames.indexOf(feature) }))
    .filter((term) => !isAbsent(term, features));
  const bytes = work.find(({ feature }) => feature === 'BYTES');
  const sizes =
    bytes === undefined
      ? []
      : CACHE_SIZES.map((above) => ({ ...bytes, above })).filter(
          (term) => rowsBeyond(term, features) >= Math.max(MIN_BEYOND, MIN_BEYOND_SHARE * features.rows),
        );
  const fit = termFits([...work, ...sizes], features, latenciesMs, weights);
  /** With the size that fits best, if any of them fits better than none. */
  const withSize = (known: FittedTerms): FittedTerms =>
    sizes
      .map((size) => fit([...known.terms, size]))
      .reduce((best, fitted) => (fitted.error < best.error - LEAST_SQUARES_TIE * features.rows ? fitted : best), known);
  const one = withSize(fit(work));
  // The first stood for both: it is chosen once more beside the second.
  const second = withSize(one).terms.slice(one.terms.length);
  const two = withSize(fit([...work, ...second]));
  return (two.error < WORTH_A_SIZE * one.error ? two : one).baseline;
}

/** Terms and what they cost. */
interface FittedTerms {
  readonly terms: readonly Term[];
  readonly baseline: Baseline;
  /** Of the relative error, squared and summed. */
  readonly error: number;
}

/** A feature that is 0 in all rows costs nothing. */
function isAbsent({ index }: Term, { rows, columns, values }: FeatureMatrix): boolean {
  for (let row = 0; row < rows; row++) if (values[row * columns + index] !== 0) return false;
  return true;
}

function rowsBeyond({ index, above }: Term, { rows, columns, values }: FeatureMatrix): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (values[row * columns + index]! > above!) count++;
  return count;
}

/** Least squares of the relative error for any of a list of terms, whose products are summed over the rows once for all. */
function termFits(
  all: readonly Term[],
  features: FeatureMatrix,
  latenciesMs: Float64Array,
  weights: Float64Array,
): (terms: readonly Term[]) => FittedTerms {
  const columns = [
    scaledColumn(() => 1, latenciesMs),
    ...all.map(({ index, above }) => {
      const units = (row: number): number => countedUnits(features.values[row * features.columns + index]!, above);
      return scaledColumn(units, latenciesMs);
    }),
  ];
  const right = columns.map(({ values }) => values.reduce((sum, value, row) => sum + value * weights[row]!, 0));
  const gram = columns.map((): number[] => []);
  for (let a = 0; a < columns.length; a++) {
    for (let b = 0; b <= a; b++) {
      const other = columns[b]!.values;
      const product = columns[a]!.values.reduce((sum, value, row) => sum + value * other[row]! * weights[row]!, 0);
      gram[a]![b] = product;
      gram[b]![a] = product;
    }
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (terms) => {
    const chosen = [0, ...terms.map((term) => 1 + all.indexOf(term))];
    const { solution, error } = nonNegativeLeastSquares(
      chosen.map((a) => chosen.map((b) => gram[a]![b]!)),
      chosen.map((a) => right[a]!),
      total,
    );
    const [launchMs, ...costs] = chosen.map((column, k) => solution[k]! * columns[column]!.scale);
    return { terms, baseline: { launchMs: launchMs!, costs: terms.map((term, k) => ({ ...term, msPerUnit: costs[k]! })) }, error };
  };
}

/** Units of a term as shares of the latencies, which makes errors relative, scaled to a mean of 1. */
function scaledColumn(
  units: (row: number) => number,
  latenciesMs: Float64Array,
): { readonly values: Float64Array; readonly scale: number } {
  const columnMean = mean(latenciesMs.map((latency, row) => units(row) / latency));
  const scale = columnMean > 0 ? 1 / columnMean : 0;
  return { values: latenciesMs.map((latency, row) => (scale * units(row)) / latency), scale };
}
