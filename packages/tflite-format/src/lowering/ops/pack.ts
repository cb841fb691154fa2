import { resolveAxis } from '@nnm/core';
import { inputsOf, shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const pack: Lowering<'pack'> = {
  op: 'pack',
  support: { runs: 'reference kernel', note: 'PACK*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axis = resolveAxis(op.axis, shapeOf(context, op.outputs[0]!).length);
    const options = { type: 'PackOptions', valuesCount: op.inputs.length, axis } as const;
    context.model.operator('PACK', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], options);
  },
};
