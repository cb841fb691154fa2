import { square } from '../math/index.ts';
import type { WeightSpec } from './operator.ts';
import type { ReferenceValue } from './reference-value.ts';
import type { Shape } from './values.ts';
import { forEachLine } from './walk.ts';

/** Scale and shift of a normalisation. */
export function scaleAndShift(shape: Shape, withShift = true): Readonly<Record<string, WeightSpec>> {
  return {
    gamma: { shape, center: 1, spread: 0.2 },
    ...(withShift && { beta: { shape, center: 0, spread: 0.1 } }),
  };
}

/** Every line along `axes` less its mean, over the root of its variance plus epsilon; without `center` the mean square. */
export function standardise(x: ReferenceValue, axes: readonly number[], epsilon: number, center = true): ReferenceValue {
  const data = new Float64Array(x.data.length);
  forEachLine(x.shape, axes, (offsets) => {
    const mean = center ? offsets.reduce((sum, at) => sum + x.data[at]!, 0) / offsets.length : 0;
    const variance = offsets.reduce((sum, at) => sum + square(x.data[at]! - mean), 0) / offsets.length;
    for (const at of offsets) data[at] = (x.data[at]! - mean) / Math.sqrt(variance + epsilon);
  });
  return { shape: x.shape, data };
}

/** `gamma * x + beta`, where both repeat along the axes before theirs. */
export function scaleLast(x: ReferenceValue, gamma: Float32Array, beta?: Float32Array): ReferenceValue {
  return { shape: x.shape, data: x.data.map((value, i) => value * gamma[i % gamma.length]! + (beta?.[i % gamma.length] ?? 0)) };
}
