import type { DenseOp } from '@nnm/core';
import { FusedActivation } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { FusedOp } from './fuse.ts';
import { layerWeights } from './layer-weights.ts';
import { weightsByFilter } from './weight-layout.ts';

/** `FULLY_CONNECTED`, weights `[units, c]`. */
export function lowerDense(context: LoweringContext, fused: FusedOp, op: DenseOp): void {
  const { model } = context;
  const channels = shapeOf(context, op.inputs[0]!)[1]!;
  const { kernel, scale, bias } = layerWeights(context, fused, op.units);
  const name = op.outputs[0]!;
  model.operator(
    'FULLY_CONNECTED',
    [
      tensorOf(context, op.inputs[0]!),
      model.weights(`${name}/kernel`, [op.units, channels], weightsByFilter(kernel, scale)),
      model.weights(`${name}/bias`, [op.units], bias),
    ],
    [tensorOf(context, fused.outputs[0]!)],
    { type: 'FullyConnectedOptions', fusedActivation: FusedActivation[fused.activation] },
  );
}
