import type { Lowering } from '../lowering.ts';
import { KEEP } from '../normalise.ts';

export const rmsNorm: Lowering<'rmsNorm'> = {
  op: 'rmsNorm',
  support: { runs: 'composed', note: 'Square, Mean, AddV2, Rsqrt, Mul, Mul' },
  lower(writer, { epsilon }) {
    const { x } = writer;
    const { gamma } = writer.draw();
    const mean = writer.step('Mean', [writer.step('Square', [x]), writer.axes([-1])], KEEP);
    const inverse = writer.step('Rsqrt', [writer.step('AddV2', [mean, writer.scalar(epsilon)])]);
    writer.last('Mul', [writer.step('Mul', [x, inverse]), writer.weights('gamma', gamma!.shape, gamma!.data)]);
  },
};
