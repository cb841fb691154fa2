import type { Shape } from '../../graph/index.ts';

/** A value of the graph while the reference computes: float64, `[n, h, w, c]` or `[n, c]`, last dimension fastest. */
export interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A value of zeros. */
export function emptyValue(shape: Shape): Value {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/** Number of channels: the last dimension. */
export const channelsOf = ({ shape }: Value): number => shape[shape.length - 1] as number;
