import { type OpNamed, paddedSource } from '@nnm/core';
import { MirrorPadMode } from '../../flatbuffer/schema.ts';
import { Chain } from '../chain.ts';
import { type LoweringContext, shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

/** The edge repeated: a `GATHER` along each axis that is padded. */
function writeEdge(context: LoweringContext, op: OpNamed<'pad'>): void {
  const chain = new Chain(context, op);
  const shape = [...shapeOf(context, op.inputs[0]!)];
  const output = shapeOf(context, op.outputs[0]!);
  const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== output[axis]);
  let x = chain.input();
  if (axes.length === 0) axes.push(0);
  axes.forEach((axis, index) => {
    const size = shape[axis]!;
    const indices = Array.from({ length: output[axis]! }, (_, i) => paddedSource(i, op.paddings[axis]![0], size, 'edge'));
    shape[axis] = output[axis]!;
    const inputs = [x, context.model.integers([indices.length], indices)];
    if (index === axes.length - 1) chain.last('GATHER', inputs, { type: 'GatherOptions', axis });
    else x = chain.step('GATHER', inputs, [...shape], { type: 'GatherOptions', axis });
  });
}

export const pad: Lowering<'pad'> = {
  op: 'pad',
  support: {
    runs: 'delegated',
    note: 'PAD; PADV2* for a value, MIRROR_PAD* for reflect and symmetric, GATHER* for edge',
  },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const { model } = context;
    const chain = new Chain(context, op);
    const pixels = model.integers([op.paddings.length, 2], op.paddings.flat());
    if (op.mode === 'edge') writeEdge(context, op);
    else if (op.mode !== 'constant')
      chain.last('MIRROR_PAD', [chain.input(), pixels], { type: 'MirrorPadOptions', mode: MirrorPadMode[op.mode] });
    else if (op.value === 0) chain.last('PAD', [chain.input(), pixels], { type: 'PadOptions' });
    else chain.last('PADV2', [chain.input(), pixels, model.scalar(op.value)], { type: 'PadV2Options' });
  },
};
