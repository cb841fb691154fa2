import { drawWeights } from '@nnm/core';
import { binaryOptions, shapeOf, tensorOf } from '../context.ts';
import { batchNormAffine } from '../fold-batch-norm.ts';
import type { Lowering } from '../lowering.ts';

/** One with no weights before it: `MUL`, then `ADD`. */
export const batchNorm: Lowering<'batchNorm'> = {
  op: 'batchNorm',
  support: { runs: 'delegated', note: 'folded into the weights before it, else composed: MUL, ADD' },
  fusesActivation: true,
  lower(context, op, { activation, outputs }) {
    const { model } = context;
    const name = op.outputs[0]!;
    const { scale, shift } = batchNormAffine(op, drawWeights(context.graph, op, context.shapes));
    const x = tensorOf(context, op.inputs[0]!);
    const scaled = model.value(`${name}/scaled`, shapeOf(context, name));
    const factor = model.weights(`${name}/scale`, [scale.length], Float32Array.from(scale));
    model.operator('MUL', [x, factor], [scaled], binaryOptions('MulOptions'));
    const addend = model.weights(`${name}/shift`, [shift.length], Float32Array.from(shift));
    model.operator('ADD', [scaled, addend], [tensorOf(context, outputs[0]!)], binaryOptions('AddOptions', activation));
  },
};
