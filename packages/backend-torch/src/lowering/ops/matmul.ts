import type { ValueId } from '@nnm/core';
import { Chain } from '../chain.ts';
import { type LoweringContext, shapeOf } from '../context.ts';
import { drawConstant } from '../draw-constant.ts';
import type { Lowering } from '../lowering.ts';
import { permute } from '../operands.ts';

/** The order of axes with the last two swapped. */
function swapped(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}

/** An operand with its last two axes swapped; a constant is written so. */
function transposed(chain: Chain, context: LoweringContext, id: ValueId, index: number): string {
  const shape = shapeOf(context, id);
  const order = swapped(shape.length);
  const constant = context.constants.get(id);
  if (constant === undefined) return chain.step('Transpose', [chain.input(index)], { perm: order });
  const sizes = order.map((axis) => shape[axis] as number);
  return context.writer.floats(`${id}/transposed`, sizes, permute(drawConstant(constant, context), shape, order));
}

export const matmul: Lowering<'matmul'> = {
  op: 'matmul',
  layout: 'last',
  support: { runs: 'native', note: 'MatMul; with a Transpose for a transposed operand, which the runtime fuses to FusedMatMul' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const [a, b] = op.inputs as readonly [ValueId, ValueId];
    chain.last('MatMul', [
      op.transposeA ? transposed(chain, context, a, 0) : chain.input(0),
      op.transposeB ? transposed(chain, context, b, 1) : chain.input(1),
    ]);
  },
};
