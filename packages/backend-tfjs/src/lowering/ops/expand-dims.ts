import { resolveAxis } from '@nnm/core';
import type { Lowering } from '../lowering.ts';

export const expandDims: Lowering<'expandDims'> = {
  op: 'expandDims',
  support: { runs: 'native', note: 'ExpandDims' },
  lower: (writer, { axis }) => writer.last('ExpandDims', [writer.x, writer.integer(resolveAxis(axis, writer.outputShape.length))]),
};
