import type { Work } from '../graph/types.ts';
import type { CostLimits } from '../kernel/index.ts';

/**
 * Limits that samplers apply unless told otherwise.
 *
 * 4 GFLOP (2 per multiply-add) take about 60 ms on one core at 70 GFLOP/s, so even the costliest kernel with warm-up and
 * 50 runs is measured within a few seconds; VGG's convolutions, the costliest of the zoo, are 3.7 GFLOP. 100 MB of inputs,
 * outputs and weights (decimal) stay cheap to generate and convert; of the zoo's layers only the first fully connected layers
 * of AlexNet (151 MB) and VGG (411 MB) are larger.
 */
export const DEFAULT_COST_LIMITS: CostLimits = { maxFlops: 4e9, maxBytes: 100e6 };

/** True when a kernel with this work may be sampled. */
export function isWithinLimits(work: Work, limits: CostLimits): boolean {
  return work.flops <= limits.maxFlops && work.bytes <= limits.maxBytes;
}
