import { resolveAxis } from '@nnm/core';
import { TensorType } from '../../flatbuffer/schema.ts';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

/** Indices are integers there; values of the graph are float32. */
export const argMax: Lowering<'argMax'> = {
  op: 'argMax',
  support: { runs: 'composed', note: 'ARG_MAX*, CAST*, and a RESHAPE* between them with keepDims' },
  nonNegative: () => true,
  lower(context, op) {
    const { model } = context;
    const shape = shapeOf(context, op.inputs[0]!);
    const axis = resolveAxis(op.axis, shape.length);
    const name = op.outputs[0]!;
    const indices = model.integerValue(
      `${name}/indices`,
      shape.filter((_, other) => other !== axis),
    );
    const inputs = [tensorOf(context, op.inputs[0]!), model.integers([], [axis])];
    model.operator('ARG_MAX', inputs, [indices], { type: 'ArgMaxOptions', outputType: TensorType.INT32 });
    const cast = { type: 'CastOptions', inDataType: TensorType.INT32, outDataType: TensorType.FLOAT32 } as const;
    if (!op.keepDims) {
      model.operator('CAST', [indices], [tensorOf(context, name)], cast);
      return;
    }
    const kept = shapeOf(context, name);
    const reshaped = model.integerValue(`${name}/kept`, kept);
    model.operator('RESHAPE', [indices, model.integers([kept.length], kept)], [reshaped], { type: 'ReshapeOptions', newShape: kept });
    model.operator('CAST', [reshaped], [tensorOf(context, name)], cast);
  },
};
