import type { Lowering } from '../lowering.ts';

export const clip: Lowering<'clip'> = {
  op: 'clip',
  support: { runs: 'native', note: 'Relu, Relu6 for their limits, else ClipByValue, Maximum or Minimum' },
  lower(writer, { min, max }) {
    const { x } = writer;
    if (min === 0 && max === undefined) writer.last('Relu', [x]);
    else if (min === 0 && max === 6) writer.last('Relu6', [x]);
    else if (min === undefined) writer.last('Minimum', [x, writer.scalar(max!)]);
    else if (max === undefined) writer.last('Maximum', [x, writer.scalar(min)]);
    else writer.last('ClipByValue', [x, writer.scalar(min), writer.scalar(max)]);
  },
};
