import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeReshape } from '../write-reshape.ts';

/** `RESHAPE` to groups, `TRANSPOSE`, `RESHAPE` back. */
export const channelShuffle: Lowering<'channelShuffle'> = {
  op: 'channelShuffle',
  support: { runs: 'composed', note: 'RESHAPE, TRANSPOSE*, RESHAPE' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const { model } = context;
    const name = op.outputs[0]!;
    const shape = shapeOf(context, name);
    const [n, h, w, c] = shape as readonly [number, number, number, number];
    const grouped = [n, h, w, op.groups, c / op.groups];
    const before = model.value(`${name}/grouped`, grouped);
    const after = model.value(`${name}/swapped`, [n, h, w, c / op.groups, op.groups]);
    writeReshape(context, tensorOf(context, op.inputs[0]!), before, grouped);
    model.operator('TRANSPOSE', [before, model.integers([5], [0, 1, 2, 4, 3])], [after], { type: 'TransposeOptions' });
    writeReshape(context, after, tensorOf(context, name), shape);
  },
};
