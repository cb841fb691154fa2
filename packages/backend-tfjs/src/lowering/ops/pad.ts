import { type OpNamed, paddedSource } from '@nnm/core';
import { int, text } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';
import type { OpWriter } from '../op-writer.ts';

/** The edge repeated: a `GatherV2` along each axis that is padded. */
function writeEdge(writer: OpWriter, op: OpNamed<'pad'>): void {
  const shape = writer.shape();
  const output = writer.outputShape;
  const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== output[axis]);
  let { x } = writer;
  if (axes.length === 0) axes.push(0);
  axes.forEach((axis, index) => {
    const indices = Array.from({ length: output[axis]! }, (_, i) => paddedSource(i, op.paddings[axis]![0], shape[axis]!, 'edge'));
    const inputs = [x, writer.list(indices), writer.integer(axis)];
    if (index === axes.length - 1) writer.last('GatherV2', inputs, { batch_dims: int(0) });
    else x = writer.step('GatherV2', inputs, { batch_dims: int(0) });
  });
}

export const pad: Lowering<'pad'> = {
  op: 'pad',
  support: {
    runs: 'native',
    note: 'Pad; PadV2 for a value, MirrorPad for reflect and symmetric; the edge is composed: GatherV2 along each axis',
  },
  lower(writer, op) {
    const { x } = writer;
    if (op.mode === 'edge') writeEdge(writer, op);
    else if (op.mode !== 'constant') writer.last('MirrorPad', [x, writer.paddings(op.paddings)], { mode: text(op.mode.toUpperCase()) });
    else if (op.value === 0) writer.last('Pad', [x, writer.paddings(op.paddings)]);
    else writer.last('PadV2', [x, writer.paddings(op.paddings), writer.scalar(op.value)]);
  },
};
