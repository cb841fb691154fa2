import type { Lowering } from '../lowering.ts';

export const prelu: Lowering<'prelu'> = {
  op: 'prelu',
  support: { runs: 'native', note: 'fused behind a bias or Prelu' },
  lower(writer) {
    const { data } = writer.draw().alpha!;
    // Without the batch, as Keras keeps it for shared height and width.
    const shape = [...Array<number>(Math.max(0, writer.shape().length - 2)).fill(1), data.length];
    writer.last('Prelu', [writer.x, writer.weights('alpha', shape, data)]);
  },
};
