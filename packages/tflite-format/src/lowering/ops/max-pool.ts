import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { padInput } from '../pad.ts';
import { poolWindow } from '../pool-window.ts';

/**
 * `MAX_POOL_2D` leaves the pixels of `SAME` out of account by itself. Explicit pixels are the lowest number, or zeros, which
 * delegates support, where nothing is below zero.
 */
export const maxPool: Lowering<'maxPool'> = {
  op: 'maxPool',
  support: {
    runs: 'delegated',
    note: 'MAX_POOL_2D, on its own kernel where a window is smaller than its stride; explicit padding: PAD, or PADV2*, before it',
  },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, op, fused) {
    const input = op.inputs[0]!;
    const x = tensorOf(context, input);
    const result = tensorOf(context, fused.outputs[0]!);
    const { options, pixels } = poolWindow(context, op, fused);
    const fill = context.nonNegative.has(input) ? 'zero' : 'lowest';
    const padded = pixels === undefined ? x : padInput(context, x, shapeOf(context, input), pixels, op.outputs[0]!, fill);
    context.model.operator('MAX_POOL_2D', [padded], [result], options);
  },
};
