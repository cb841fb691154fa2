import type { OpNamed } from '@nnm/core';
import { type Attrs, float, int, texts } from '../graph-model/graph-def.ts';
import type { NodeRef } from '../graph-model/graph-model-builder.ts';
import { fusedActivation } from './fused-activation.ts';
import type { OpWriter } from './op-writer.ts';

/** What a fused node has besides a plain one: its operands, bias and slopes, and their attributes. */
export interface FusedParts {
  readonly operands: readonly NodeRef[];
  readonly attrs: Attrs;
}

/**
 * The parts that make a layer's node a fused one; undefined for a layer without bias, which the converter leaves plain.
 *
 * @param bias - of the channels that the node computes
 * @param first - the first of them among those of the layer
 */
export function fusedParts(writer: OpWriter, bias: Float32Array | undefined, suffix = '', first = 0): FusedParts | undefined {
  if (bias === undefined) return undefined;
  const operands = [writer.weights(`bias${suffix}`, [bias.length], bias)];
  const steps = ['BiasAdd'];
  const { activation } = writer.fused;
  const name = activation && fusedActivation(activation);
  if (name !== undefined) steps.push(name);
  if (activation?.op === 'prelu') {
    const alpha = writer.draw(activation).alpha!.data.subarray(first, first + bias.length);
    operands.push(writer.weights(`alpha${suffix}`, [alpha.length], alpha));
  }
  const slope = activation?.op === 'leakyRelu' ? (activation as OpNamed<'leakyRelu'>).alpha : 0.2;
  return {
    operands,
    attrs: { fused_ops: texts(steps), num_args: int(operands.length), epsilon: float(0), leakyrelu_alpha: float(slope) },
  };
}
