import type { Lowering } from '../lowering.ts';

/** TensorFlow.js has no such operator. */
export const spaceToDepth: Lowering<'spaceToDepth'> = {
  op: 'spaceToDepth',
  support: { runs: 'composed', note: 'Reshape, Transpose, Reshape' },
  lower(writer, { blockSize: b }) {
    const [n, h, w, c] = writer.shape() as readonly [number, number, number, number];
    const blocks = writer.reshaped(writer.x, [n * (h / b), b, w / b, b * c]);
    writer.lastReshape(writer.step('Transpose', [blocks, writer.list([0, 2, 1, 3])]));
  },
};
