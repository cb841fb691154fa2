import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeNormalisation } from '../normalise.ts';
import { writeReshape } from '../write-reshape.ts';

/** Height and width become one axis, so that no value has more than four: delegates take no more. */
export const groupNorm: Lowering<'groupNorm'> = {
  op: 'groupNorm',
  support: { runs: 'composed', note: 'RESHAPE, MEAN*, SQUARED_DIFFERENCE, ADD, RSQRT*, MUL, SUB, RESHAPE' },
  lower(context, op) {
    const { model } = context;
    const name = op.outputs[0]!;
    const shape = shapeOf(context, name);
    const [n, h, w, c] = shape as readonly [number, number, number, number];
    const grouped = [n, h * w, op.groups, c / op.groups];
    const chain = new Chain(context, op);
    const x = model.value(`${name}/grouped`, grouped);
    writeReshape(context, chain.input(), x, grouped);
    const weights = drawWeights(context.graph, op, context.shapes);
    const part = { chain, x, shape: grouped, axes: [1, 3], epsilon: op.epsilon, scaleShape: [op.groups, c / op.groups] };
    const operands = writeNormalisation(context, op, weights, part);
    writeReshape(context, chain.step('ADD', operands, grouped), tensorOf(context, name), shape);
  },
};
