import { type ReduceOp, resolveAxes } from '@nnm/core';
import { Chain } from './chain.ts';
import { type LoweringContext, shapeOf } from './context.ts';
import { modelAxes, orderWithout } from './model-axis.ts';

/** A reduction; without the reduced axes, what is left is brought into the graph's order. */
export function writeReduce(
  op: ReduceOp,
  context: LoweringContext,
  write: (
    axes: readonly number[],
    keepdims: number,
  ) => {
    readonly node: string;
    readonly inputs: readonly string[];
    readonly attributes: Readonly<Record<string, number | readonly number[]>>;
  },
): void {
  const chain = new Chain(context, op);
  const rank = shapeOf(context, op.inputs[0] as string).length;
  const order = op.keepDims ? undefined : orderWithout(resolveAxes(op.axes, rank), rank, context);
  const { node, inputs, attributes } = write(modelAxes(op.axes, op, context), op.keepDims ? 1 : 0);
  if (order === undefined) chain.last(node, inputs, attributes);
  else chain.last('Transpose', [chain.step(node, inputs, attributes)], { perm: order });
}
