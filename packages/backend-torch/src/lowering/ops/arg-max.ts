import { resolveAxis } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { modelAxis, orderWithout } from '../model-axis.ts';
import { FLOAT } from '../onnx-schema.ts';

/** Indices are integers there; values of the graph are float32. */
export const argMax: Lowering<'argMax'> = {
  op: 'argMax',
  support: { runs: 'composed', note: 'ArgMax, Cast' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const rank = shapeOf(context, op.inputs[0] as string).length;
    const order = op.keepDims ? undefined : orderWithout([resolveAxis(op.axis, rank)], rank, context);
    const indices = chain.step('ArgMax', [chain.input()], { axis: modelAxis(op.axis, op, context), keepdims: op.keepDims ? 1 : 0 });
    if (order === undefined) chain.last('Cast', [indices], { to: FLOAT });
    else chain.last('Transpose', [chain.step('Cast', [indices], { to: FLOAT })], { perm: order });
  },
};
