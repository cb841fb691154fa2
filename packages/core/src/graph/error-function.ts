/** The Gauss error function in double precision: its series near zero, the continued fraction of its complement elsewhere. */
export function errorFunction(x: number): number {
  const magnitude = Math.abs(x);
  const value = magnitude < 3 ? series(magnitude) : 1 - complement(magnitude);
  return x < 0 ? -value : value;
}

/** `2 / sqrt(pi) * exp(-x * x) * sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))`, whose terms are all positive. */
function series(x: number): number {
  let sum = 0;
  for (let [n, term] = [0, x]; term > 1e-17; term *= (2 * x * x) / (2 * ++n + 1)) sum += term;
  return (2 / Math.sqrt(Math.PI)) * gaussian(x) * sum;
}

function complement(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return gaussian(x) / (Math.sqrt(Math.PI) * fraction);
}

// Compared with runtimes within a tolerance, so the last bit does not matter.
// biome-ignore lint/plugin: see above
const gaussian = (x: number): number => Math.exp(-x * x);
