import { countElements, type Shape } from './values.ts';

/** A value of a graph while the reference computes: float64, last dimension fastest. */
export interface ReferenceValue {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A value of zeros. */
export function emptyValue(shape: Shape): ReferenceValue {
  return { shape, data: new Float64Array(countElements(shape)) };
}

/** Number of channels: the last dimension. */
export const channelsOf = ({ shape }: { readonly shape: Shape }): number => shape[shape.length - 1] as number;
