import type { OpNamed } from '@nnm/core';
import type { BuiltinOperatorName } from '../../flatbuffer/schema.ts';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

/** The operator that cuts at just these limits. */
function singleOperator({ min, max }: OpNamed<'clip'>): BuiltinOperatorName | undefined {
  if (min === 0) return max === undefined ? 'RELU' : max === 6 ? 'RELU6' : undefined;
  return min === -1 && max === 1 ? 'RELU_N1_TO_1' : undefined;
}

export const clip: Lowering<'clip'> = {
  op: 'clip',
  support: { runs: 'delegated', note: 'RELU, RELU6, RELU_N1_TO_1 for their limits, else MAXIMUM, MINIMUM' },
  nonNegative: ({ min = -1 }) => min >= 0,
  lower(context, op) {
    const { model } = context;
    const chain = new Chain(context, op);
    const single = singleOperator(op);
    if (single !== undefined) chain.last(single, [chain.input()]);
    else if (op.min === undefined) chain.last('MINIMUM', [chain.input(), model.scalar(op.max!)]);
    else if (op.max === undefined) chain.last('MAXIMUM', [chain.input(), model.scalar(op.min)]);
    else {
      const above = chain.step('MAXIMUM', [chain.input(), model.scalar(op.min)], shapeOf(context, op.outputs[0]!));
      chain.last('MINIMUM', [above, model.scalar(op.max)]);
    }
  },
};
