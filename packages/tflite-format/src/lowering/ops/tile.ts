import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const tile: Lowering<'tile'> = {
  op: 'tile',
  support: { runs: 'reference kernel', note: 'TILE*' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs, repeats }) {
    const { model } = context;
    const operands = [tensorOf(context, inputs[0]!), model.integers([repeats.length], repeats)];
    model.operator('TILE', operands, [tensorOf(context, outputs[0]!)], { type: 'TileOptions' });
  },
};
