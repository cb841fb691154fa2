import type { Lowering } from '../lowering.ts';
import { KEEP } from '../normalise.ts';

export const l2Normalize: Lowering<'l2Normalize'> = {
  op: 'l2Normalize',
  support: { runs: 'composed', note: 'Square, Sum, Maximum, Rsqrt, Mul' },
  lower(writer, { axis, epsilon }) {
    const { x } = writer;
    const sum = writer.step('Sum', [writer.step('Square', [x]), writer.axes([axis])], KEEP);
    const least = writer.step('Maximum', [sum, writer.scalar(epsilon * epsilon)]);
    writer.last('Mul', [x, writer.step('Rsqrt', [least])]);
  },
};
