import type { PricedKernel, PriceSource } from './priced-kernel.ts';

/** Where the priced time of a model comes from: shares of the sum, 0 to 1. */
export interface PriceShares {
  readonly bySource: Readonly<Record<PriceSource, number>>;
  /** Of predictions with doubts: what was never sampled, kernels that were never measured, parts that are nearly a kernel. */
  readonly doubted: number;
}

/** Share the sum of a model's priced parts by source. All shares are 0 when nothing is priced. */
export function priceShares(kernels: readonly PricedKernel[]): PriceShares {
  const bySource = { predictor: 0, measured: 0, estimate: 0 };
  let doubted = 0;
  let sum = 0;
  for (const { price } of kernels) {
    if (price === undefined) continue;
    sum += price.latencyMs;
    bySource[price.source] += price.latencyMs;
    if (price.source === 'predictor' && price.doubts.length > 0) doubted += price.latencyMs;
  }
  const share = (part: number): number => (sum > 0 ? part / sum : 0);
  return {
    bySource: { predictor: share(bySource.predictor), measured: share(bySource.measured), estimate: share(bySource.estimate) },
    doubted: share(doubted),
  };
}
