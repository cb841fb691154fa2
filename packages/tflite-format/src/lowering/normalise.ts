import type { OpBase, OpWeights, Shape } from '@nnm/core';
import type { Chain } from './chain.ts';
import type { LoweringContext } from './context.ts';
import type { TensorIndex } from './model-builder.ts';

/** Which part of a value is normalised together, and how. */
export interface Normalisation {
  readonly chain: Chain;
  readonly x: TensorIndex;
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly epsilon: number;
  /** Shape that scale and shift are stored in, so that they broadcast. */
  readonly scaleShape: Shape;
}

const keepDims = { type: 'ReducerOptions', keepDims: true } as const;

/** A shape after its axes were reduced and kept. */
const reduced = (shape: Shape, axes: readonly number[]): Shape => shape.map((size, axis) => (axes.includes(axis) ? 1 : size));

/**
 * A normalisation as TensorFlow writes it: `tf.nn.moments`, then `x * inverse + (beta - mean * inverse)`.
 *
 * @returns the last operands, for an `ADD` that the caller writes
 */
export function writeNormalisation(
  context: LoweringContext,
  op: OpBase,
  weights: OpWeights,
  { chain, x, shape, axes, epsilon, scaleShape }: Normalisation,
): readonly [TensorIndex, TensorIndex] {
  const { model } = context;
  const small = reduced(shape, axes);
  const over = model.integers([axes.length], axes);
  const mean = chain.step('MEAN', [x, over], small, keepDims);
  const variance = chain.step('MEAN', [chain.step('SQUARED_DIFFERENCE', [x, mean], shape), over], small, keepDims);
  const deviation = chain.step('RSQRT', [chain.step('ADD', [variance, model.scalar(epsilon)], small)], small);
  const gamma = model.weights(`${op.outputs[0]}/gamma`, scaleShape, weights.gamma!.data);
  const beta = model.weights(`${op.outputs[0]}/beta`, scaleShape, weights.beta!.data);
  const scaled = small.map((size, axis) => Math.max(size, scaleShape[axis - small.length + scaleShape.length] ?? 1));
  const inverse = chain.step('MUL', [deviation, gamma], scaled);
  const shift = chain.step('SUB', [beta, chain.step('MUL', [mean, inverse], scaled)], scaled);
  return [chain.step('MUL', [x, inverse], shape), shift];
}
