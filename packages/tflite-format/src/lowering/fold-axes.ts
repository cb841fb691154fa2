import type { OpBase, Shape } from '@nnm/core';
import type { BuiltinOperatorName } from '../flatbuffer/schema.ts';
import { Chain } from './chain.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { TensorIndex } from './model-builder.ts';
import { writeReshape } from './write-reshape.ts';

/** Axes that the runtime's own kernels broadcast over; with more they end the process. */
export const MOST_AXES = 4;

/** An op that is written on another shape of its input. */
export interface Folded {
  readonly chain: Chain;
  readonly x: TensorIndex;
  readonly shape: Shape;
  /** The last operator of the chain, in that shape. */
  last(code: BuiltinOperatorName, inputs: readonly TensorIndex[]): void;
}

/**
 * The beginning and the end of a chain that broadcasts: a value of five axes gets another shape first, and its own at the end.
 *
 * @param folded - what to make of a value of five axes
 */
export function foldAxes(context: LoweringContext, op: OpBase, folded: (shape: Shape) => Shape): Folded {
  const chain = new Chain(context, op);
  const name = op.outputs[0]!;
  const given = shapeOf(context, name);
  if (given.length <= MOST_AXES) return { chain, x: chain.input(), shape: given, last: (code, inputs) => chain.last(code, inputs) };
  const shape = folded(given);
  const x = context.model.value(`${name}/folded`, shape);
  writeReshape(context, chain.input(), x, shape);
  return {
    chain,
    x,
    shape,
    last: (code, inputs) => writeReshape(context, chain.step(code, inputs, shape), tensorOf(context, name), given),
  };
}
