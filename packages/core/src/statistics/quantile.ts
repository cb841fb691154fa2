/** Linear-interpolated quantile of values in ascending order; NaN of an empty list. `share` is 0 to 1. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
}

/** Quantile of values in any order; the argument is not changed. */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), share);
}

/** Middle value; NaN of an empty list. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
