import { resolveAxis } from '@nnm/core';
import { type } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

/** Indices are integers there; values of the graph are float32. */
export const argMax: Lowering<'argMax'> = {
  op: 'argMax',
  support: { runs: 'composed', note: 'ArgMax, Cast; a Reshape between them with keepDims' },
  lower(writer, { axis, keepDims }) {
    const of = { T: type('DT_FLOAT'), Tidx: type('DT_INT32'), output_type: type('DT_INT32') };
    const indices = writer.step('ArgMax', [writer.x, writer.integer(resolveAxis(axis, writer.shape().length))], of);
    const shaped = keepDims ? writer.step('Reshape', [indices, writer.list(writer.outputShape)], { T: type('DT_INT32') }) : indices;
    writer.last('Cast', [shaped], { SrcT: type('DT_INT32'), DstT: type('DT_FLOAT') });
  },
};
