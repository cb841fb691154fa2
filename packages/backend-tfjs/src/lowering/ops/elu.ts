import type { Lowering } from '../lowering.ts';

export const elu: Lowering<'elu'> = {
  op: 'elu',
  support: { runs: 'native', note: 'fused behind a bias or Elu; an alpha other than 1 is composed with Maximum, Minimum, Mul, AddV2' },
  lower(writer, { alpha }) {
    const { x } = writer;
    if (alpha === 1) {
      writer.last('Elu', [x]);
      return;
    }
    const below = writer.step('Minimum', [writer.step('Elu', [x]), writer.scalar(0)]);
    const above = writer.step('Maximum', [x, writer.scalar(0)]);
    writer.last('AddV2', [above, writer.step('Mul', [below, writer.scalar(alpha)])]);
  },
};
