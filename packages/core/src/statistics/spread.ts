/** Arithmetic mean; NaN of an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation of all there is (divided by n); NaN of an empty list. */
export function populationDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(squaresAround(values) / values.length);
}

/** Standard deviation that a sample lets expect (divided by n - 1); NaN of fewer than two values: one value says nothing of spread. */
export function sampleDeviation(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : Math.sqrt(squaresAround(values) / (values.length - 1));
}

/** Sum of squared differences from the mean. */
function squaresAround(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - centre;
    squares += difference * difference;
  }
  return squares;
}
