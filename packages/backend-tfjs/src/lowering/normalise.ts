import type { Shape } from '@nnm/core';
import { flag } from '../graph-model/graph-def.ts';
import type { NodeRef } from '../graph-model/graph-model-builder.ts';
import type { OpWriter } from './op-writer.ts';

export const KEEP = { keep_dims: flag(true) };

/**
 * A normalisation as TensorFlow writes it: `tf.nn.moments`, then `x * inverse + (beta - mean * inverse)`.
 *
 * @param scaleShape - in which scale and shift are stored, so that they broadcast
 * @returns the operands of the last addition
 */
export function normalise(
  writer: OpWriter,
  x: NodeRef,
  axes: readonly number[],
  epsilon: number,
  scaleShape: Shape,
): readonly [NodeRef, NodeRef] {
  const { gamma, beta } = writer.draw();
  const over = writer.list(axes);
  const mean = writer.step('Mean', [x, over], KEEP);
  const variance = writer.step('Mean', [writer.step('SquaredDifference', [x, mean]), over], KEEP);
  const deviation = writer.step('Rsqrt', [writer.step('AddV2', [variance, writer.scalar(epsilon)])]);
  const inverse = writer.step('Mul', [deviation, writer.weights('gamma', scaleShape, gamma!.data)]);
  const shift = writer.step('Sub', [writer.weights('beta', scaleShape, beta!.data), writer.step('Mul', [mean, inverse])]);
  return [writer.step('Mul', [x, inverse]), shift];
}
