import { countElements, type Shape } from '@nnm/core';

/** Distance in memory of neighbours along each axis, last axis fastest. */
export const stridesOf = (shape: Shape): readonly number[] => shape.map((_, axis) => countElements(shape.slice(axis + 1)));
