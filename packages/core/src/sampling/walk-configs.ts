import type { ConfigRange, KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { type ConfigShape, completeConfig, freeKeys } from './config-shape.ts';
import { rangeValues } from './snap.ts';
import { walkSpace } from './walk-space.ts';

/** Combinations of listed values that are walked side by side; with more of them the space is walked as one grid. */
const MAX_SIDE_BY_SIDE = 4096;

/**
 * Every configuration of a space that may be affordable, each once, jumping all over it.
 *
 * Tight cost limits leave a few points in a billion, which walking the whole grid would not find. So each combination of the
 * keys that have a list of values (image, window, stride) gets a grid of its own, whose channels end where the channel alone,
 * all others at their smallest, is too costly: work grows with every channel count.
 *
 * @param affordable - the cost check; it still has to be made for what comes back
 */
export function* walkConfigs<C extends KernelConfig>(shape: ConfigShape<C>, affordable: (config: C) => boolean, rng: Rng): Generator<C> {
  const keys = freeKeys(shape);
  const ranges = keys.map((key) => shape.space[key]);
  const combinations = ranges.reduce((product, { values }) => product * (values?.length ?? 1), 1);
  const configAt = (point: readonly number[]): C => completeConfig(shape, (key) => point[keys.indexOf(key)] as number);
  const corners = combinations <= MAX_SIDE_BY_SIDE ? [...walkSpace(ranges.map(smallest), rng)] : [];
  const grids = corners.map((corner) => corner.map((value, index) => narrowed(corner, value, index)));
  if (combinations > MAX_SIDE_BY_SIDE) grids.push([...ranges]);

  /** The range of one key in the grid of a corner. */
  function narrowed(corner: readonly number[], value: number, index: number): ConfigRange {
    const range = ranges[index] as ConfigRange;
    if (range.values !== undefined) return { min: value, max: value };
    if (!shape.channelKeys.includes(keys[index] as keyof C & string)) return range;
    const { count, at } = rangeValues(range);
    const fits = (position: number): boolean => {
      const config = configAt(corner.map((other, place) => (place === index ? at(position) : other)));
      return shape.accepts?.(config) === false || affordable(config);
    };
    return { ...range, max: at(lastThat(fits, count)) };
  }

  let walks = grids.map((grid, index) => walkSpace(grid, rng.fork(String(index))));
  while (walks.length > 0) {
    const open: typeof walks = [];
    for (const walk of walks) {
      const { value, done } = walk.next();
      if (done) continue;
      open.push(walk);
      yield configAt(value);
    }
    walks = open;
  }
}

/** The smallest value of a range without a list of values; a range with one stays. */
function smallest(range: ConfigRange): ConfigRange {
  const { count, at } = rangeValues(range);
  return range.values !== undefined || count === 0 ? range : { min: at(0), max: at(0) };
}

/** The last position that fits, where all before one that fits do; -1 when none does. */
function lastThat(fits: (position: number) => boolean, count: number): number {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
