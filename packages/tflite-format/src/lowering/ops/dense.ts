import { FusedActivation } from '../../flatbuffer/schema.ts';
import { shapeOf, tensorOf } from '../context.ts';
import { layerWeights } from '../layer-weights.ts';
import type { Lowering } from '../lowering.ts';
import { weightsByFilter } from '../weight-layout.ts';

/** Weights are `[units, c]`. */
export const dense: Lowering<'dense'> = {
  op: 'dense',
  support: { runs: 'delegated', note: 'FULLY_CONNECTED' },
  foldsBatchNorm: true,
  fusesActivation: true,
  lower(context, op, fused) {
    const { model } = context;
    const channels = shapeOf(context, op.inputs[0]!).at(-1)!;
    const { kernel, scale, bias } = layerWeights(context, fused, op.units);
    const name = op.outputs[0]!;
    const rank = shapeOf(context, name).length;
    model.operator(
      'FULLY_CONNECTED',
      [
        tensorOf(context, op.inputs[0]!),
        model.weights(`${name}/kernel`, [op.units, channels], weightsByFilter(kernel, scale)),
        model.weights(`${name}/bias`, [op.units], bias),
      ],
      [tensorOf(context, fused.outputs[0]!)],
      { type: 'FullyConnectedOptions', fusedActivation: FusedActivation[fused.activation], keepNumDims: rank > 2 },
      rank > 2 ? 5 : 1,
    );
  },
};
