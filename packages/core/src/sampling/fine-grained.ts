import { type ConfigRange, configKey, type KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { collectDistinct } from './collect-distinct.ts';
import { type ConfigShape, completeConfig } from './config-shape.ts';
import { rangeValues } from './snap.ts';
import { walkSpace } from './walk-space.ts';

/** The range from which fine-grained sampling draws a channel count: `[int(0.4 C0), int(1.2 C0)]` within the kernel's own. */
export function fineGrainedRange(channels: number, range: ConfigRange): ConfigRange {
  // In tenths, so that 1.2 x 25 is 30 and not 29 by rounding.
  const min = Math.max(range.min, Math.floor((4 * channels) / 10));
  const max = Math.min(range.max, Math.floor((12 * channels) / 10));
  return {
    min,
    max,
    ...(range.multipleOf !== undefined && { multipleOf: range.multipleOf }),
    ...(range.values !== undefined && { values: range.values.filter((value) => value >= min && value <= max) }),
  };
}

/**
 * New configurations around one: every key fixed but the channels. Absent inputs (0 channels) stay absent.
 *
 * @param affordable - the cost check; a configuration no costlier than the one in the middle always passes
 * @param taken - keys that must not come back; those returned are added
 */
export function sampleAround<C extends KernelConfig>(
  sampleNum: number,
  config: C,
  shape: ConfigShape<C>,
  affordable: (config: C, atLeast: C) => boolean,
  rng: Rng,
  taken: Set<string>,
): readonly C[] {
  const keys = shape.channelKeys.filter((key) => shape.ties?.[key] === undefined && config[key] !== 0);
  const ranges = keys.map((key) => fineGrainedRange(config[key] as number, shape.space[key]));
  const dimensions = ranges.map(rangeValues);
  if (dimensions.some(({ count }) => count === 0)) return [];
  const around = (point: readonly number[]): C =>
    completeConfig(shape, (key) => (keys.includes(key) ? (point[keys.indexOf(key)] as number) : (config[key] as number)));
  const own = rng.fork(`around ${configKey(config)}`);
  return collectDistinct(
    sampleNum,
    {
      draw: () => around(dimensions.map(({ count, at }) => at(own.integer(0, count - 1)))),
      *walk() {
        for (const point of walkSpace(ranges, own.fork('walk'))) yield around(point);
      },
      accepts: (candidate) => (shape.accepts?.(candidate) ?? true) && affordable(candidate, config),
    },
    taken,
  );
}
