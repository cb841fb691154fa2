/** Linear-interpolated quantile of values in ascending order; NaN of an empty list. `share` is 0 to 1. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
}

/** Quantile of values in any order; the argument is not changed. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(
    [...values].sort((a, b) => a - b),
    share,
  );
}

/** Middle value; NaN of an empty list. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Arithmetic mean; NaN of an empty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n - 1); 0 of fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * The lowest group of values that confirm each other: the first `value` in ascending order that has at least `size` values
 * (itself included) in `[value, value * (1 + width)]`.
 *
 * Interference only ever adds time, so the truth lies low; a single low value may be a glitch, a confirmed one is not.
 *
 * @returns indices into `values` of the whole group, or undefined when no value is confirmed
 */
export function lowestCluster(values: readonly number[], width: number, size: number): readonly number[] | undefined {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  for (let first = 0; first + size <= order.length; first++) {
    const limit = values[order[first]!]! * (1 + width);
    let last = first;
    while (last < order.length && values[order[last]!]! <= limit) last++;
    if (last - first >= size) return order.slice(first, last);
  }
  return undefined;
}
