import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeReshape } from '../write-reshape.ts';

export const reshape: Lowering<'reshape'> = {
  op: 'reshape',
  support: { runs: 'delegated', note: 'RESHAPE' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs }) {
    writeReshape(context, tensorOf(context, inputs[0]!), tensorOf(context, outputs[0]!), shapeOf(context, outputs[0]!));
  },
};
