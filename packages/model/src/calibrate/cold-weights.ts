/** What a kernel keeps in a cache when it runs again and again. */
export interface Footprint {
  /** Bytes of its weights. */
  readonly weightBytes: number;
  /** Bytes of what it takes and gives. */
  readonly valueBytes: number;
}

/**
 * Bytes of weights that come from a cache of this size when each kernel runs alone, again and again, and from behind it when the network
 * runs: what fits beside a kernel's own values, by the share of the network that does not fit. A network that fits as a whole has none.
 */
export function coldBytes(kernels: readonly Footprint[], cacheBytes: number): number {
  let weights = 0;
  let mostValues = 0;
  let kept = 0;
  for (const { weightBytes, valueBytes } of kernels) {
    weights += weightBytes;
    mostValues = Math.max(mostValues, valueBytes);
    kept += Math.min(weightBytes, Math.max(0, cacheBytes - valueBytes));
  }
  return kept * Math.max(0, 1 - cacheBytes / Math.max(1, weights + mostValues));
}
