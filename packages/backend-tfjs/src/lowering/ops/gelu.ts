import type { NodeRef } from '../../graph-model/graph-model-builder.ts';
import type { Lowering } from '../lowering.ts';

/** Written out, as `tf.nn.gelu` is. */
export const gelu: Lowering<'gelu'> = {
  op: 'gelu',
  support: { runs: 'composed', note: 'RealDiv, Erf, AddV2, Mul, Mul; the approximation with Pow and Tanh' },
  lower(writer, { approximate }) {
    const { x } = writer;
    const half = writer.step('Mul', [x, writer.scalar(0.5)]);
    const bend = (): NodeRef => {
      if (approximate === 'none') return writer.step('Erf', [writer.step('RealDiv', [x, writer.scalar(Math.SQRT2)])]);
      const cube = writer.step('Mul', [writer.step('Pow', [x, writer.scalar(3)]), writer.scalar(0.044715)]);
      return writer.step('Tanh', [writer.step('Mul', [writer.step('AddV2', [x, cube]), writer.scalar(Math.sqrt(2 / Math.PI))])]);
    };
    writer.last('Mul', [half, writer.step('AddV2', [bend(), writer.scalar(1)])]);
  },
};
