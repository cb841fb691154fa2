import type { ConfigRange } from '../kernel/index.ts';

/** Sizes of square images that published networks meet, at inputs of 224, 320 and 640 pixels; samplers choose `HW` from these. */
export const HW_VALUES: readonly number[] = [1, 3, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 640];
/** Largest height or width of an image that built-in kernels accept, pixels. */
export const MAX_SIDE = 4096;
/** Convolution kernel sizes that samplers choose from. */
export const KERNEL_SIZE_VALUES: readonly number[] = [1, 2, 3, 5, 7, 11];
/** Strides that samplers choose from. */
export const STRIDE_VALUES: readonly number[] = [1, 2, 4];
/** Pooling window sizes that samplers choose from. */
export const POOL_SIZE_VALUES: readonly number[] = [2, 3, 5];

/** The one of `values` (ascending) nearest to `value`; half-way goes up, as in nn-Meter. */
export function snapToNearest(values: readonly number[], value: number): number {
  let best = values[0] as number;
  for (const candidate of values) if (Math.abs(candidate - value) <= Math.abs(best - value)) best = candidate;
  return best;
}

/** The `values` of a range that lie within it: lists such as {@link HW_VALUES} may go beyond what a kernel accepts. */
export function chosenValues({ values, min, max }: ConfigRange): readonly number[] | undefined {
  return values?.filter((value) => value >= min && value <= max);
}

/** The valid value of a range nearest to `value`: one of its `values`, or an integer within its bounds that is a right multiple. */
export function snapToRange(range: ConfigRange, value: number): number {
  const values = chosenValues(range);
  if (values !== undefined) return snapToNearest(values, value);
  const step = range.multipleOf ?? 1;
  const lowest = Math.ceil(range.min / step) * step;
  const highest = Math.floor(range.max / step) * step;
  return Math.min(highest, Math.max(lowest, Math.round(value / step) * step));
}

/** {@link snapToRange} without the values that samplers choose from: layers of networks have others, too. */
export function snapToBounds({ min, max, multipleOf }: ConfigRange, value: number): number {
  return snapToRange({ min, max, ...(multipleOf !== undefined && { multipleOf }) }, value);
}

/** Every value a sampler may give a key, ascending, as a count and a function of the index; nothing is allocated for wide ranges. */
export function rangeValues(range: ConfigRange): { readonly count: number; readonly at: (index: number) => number } {
  const values = chosenValues(range);
  if (values !== undefined) return { count: values.length, at: (index) => values[index] as number };
  const step = range.multipleOf ?? 1;
  const lowest = Math.ceil(range.min / step) * step;
  return { count: Math.max(0, Math.floor((range.max - lowest) / step) + 1), at: (index) => lowest + index * step };
}
