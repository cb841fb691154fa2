import { FusedActivation } from '../../flatbuffer/schema.ts';
import { binaryOptions, shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { padInput } from '../pad.ts';
import { averageCorrection } from '../padding.ts';
import { poolWindow } from '../pool-window.ts';

/**
 * `AVERAGE_POOL_2D` leaves the pixels of `SAME` out of account by itself. Explicit pixels are zeros, and the result is
 * multiplied by window size / real pixels.
 */
export const avgPool: Lowering<'avgPool'> = {
  op: 'avgPool',
  support: {
    runs: 'delegated',
    note: 'AVERAGE_POOL_2D, on its own kernel where a window is smaller than its stride; explicit padding is composed: PAD before it, MUL after it',
  },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, op, fused) {
    const { model } = context;
    const x = tensorOf(context, op.inputs[0]!);
    const shape = shapeOf(context, op.inputs[0]!);
    const name = op.outputs[0]!;
    const result = tensorOf(context, fused.outputs[0]!);
    const { options, pixels } = poolWindow(context, op, fused);
    if (pixels === undefined) {
      model.operator('AVERAGE_POOL_2D', [x], [result], options);
      return;
    }
    const padded = padInput(context, x, shape, pixels, name);
    const averaged = model.value(`${name}/averaged`, shapeOf(context, name));
    model.operator('AVERAGE_POOL_2D', [padded], [averaged], { ...options, fusedActivation: FusedActivation.none });
    const [, outputHeight, outputWidth] = shapeOf(context, name);
    const correction = averageCorrection(pixels, [shape[1]!, shape[2]!], op.kernelSize, op.strides);
    const factor = model.weights(`${name}/correction`, [1, outputHeight!, outputWidth!, 1], correction);
    model.operator('MUL', [averaged, factor], [result], binaryOptions('MulOptions', fused.activation));
  },
};
