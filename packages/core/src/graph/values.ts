/** Name of a value (tensor) in a graph, unique in the graph. */
export type ValueId = string;

/** Sizes in elements, 1 to 5 of them; images are `[n, h, w, c]`, vectors `[n, c]`. A constant may be a scalar, `[]`. */
export type Shape = readonly number[];

/** `[height, width]` */
export type Size2d = readonly [number, number];

/** Explicit padding in pixels. */
export interface Padding2d {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * `same`: output size `ceil(size / stride)`, where the pixels go is the framework's own rule (see `resolvePadding`);
 * `valid`: none; or explicit pixels, the same under every framework.
 */
export type Padding = 'same' | 'valid' | Padding2d;

/** The framework whose conventions (layout, padding) a lowered model follows. */
export type Implement = 'tensorflow' | 'torch';

/** Number of elements of a shape. */
export const countElements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
