import type { KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { type ConfigShape, completeConfig } from './config-shape.ts';
import { snapToBounds } from './snap.ts';

/** How often a layer is drawn as networks on larger images have it. */
const ENLARGED_SHARE = 1 / 12;
/** How often the image is doubled at most: 224 pixels become 3584. */
const MOST_DOUBLINGS = 4;

/** How often the image of a layer is doubled; mostly not at all. */
export function drawDoublings(rng: Rng): number {
  const happens = rng.float() < ENLARGED_SHARE;
  const doublings = rng.integer(1, MOST_DOUBLINGS);
  return happens ? doublings : 0;
}

/**
 * The layer as a network has it whose input is twice as high and wide, and again so often; fewer times where the next would be above the limits.
 * What a value costs depends on the cache that holds it, and images are what makes values large.
 *
 * @param isPossible - false for configurations that the kernel does not take, or above the cost limits
 */
export function enlarge<C extends KernelConfig>(shape: ConfigShape<C>, layer: C, doublings: number, isPossible: (config: C) => boolean): C {
  const { space, growth } = shape;
  if (doublings === 0 || growth === undefined) return layer;
  const larger = completeConfig(shape, (key) => snapToBounds(space[key], (layer[key] as number) * (growth[key] ?? 1)));
  return isPossible(larger) ? enlarge(shape, larger, doublings - 1, isPossible) : layer;
}
