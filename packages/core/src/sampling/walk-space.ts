import type { ConfigRange } from '../kernel/index.ts';
import { greatestCommonDivisor } from '../math/greatest-common-divisor.ts';
import type { Rng } from '../random/index.ts';
import { rangeValues } from './snap.ts';

/** Above this the points of a space are no longer exact in a double; such a space is walked in part, which nobody ever reaches. */
const MAX_POINTS = 2 ** 50;

/**
 * Visit every point of a grid exactly once, in an order that depends on `rng` and jumps all over the grid.
 *
 * Lazy: a point costs a few operations and nothing is stored, however large the grid. The index moves by a step near the
 * golden ratio of the grid's size and coprime to it, so it meets every point before it repeats.
 *
 * @param ranges - one per dimension; an empty range makes an empty grid
 * @returns points with one value per dimension, in the order of `ranges`
 */
export function* walkSpace(ranges: readonly ConfigRange[], rng: Rng): Generator<readonly number[]> {
  const dimensions = ranges.map(rangeValues);
  const points = Math.min(
    MAX_POINTS,
    dimensions.reduce((product, { count }) => product * count, 1),
  );
  if (points === 0) return;
  let step = Math.max(1, Math.floor(points * 0.6180339887498949));
  while (greatestCommonDivisor(step, points) !== 1) step++;
  let index = Math.floor(rng.float() * points);
  for (let visited = 0; visited < points; visited++) {
    let rest = index;
    yield dimensions.map(({ count, at }) => {
      const digit = rest % count;
      rest = Math.floor(rest / count);
      return at(digit);
    });
    index = (index + step) % points;
  }
}
