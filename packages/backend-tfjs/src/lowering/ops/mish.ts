import type { Lowering } from '../lowering.ts';

export const mish: Lowering<'mish'> = {
  op: 'mish',
  support: { runs: 'composed', note: 'Softplus, Tanh, Mul' },
  lower: (writer) => writer.last('Mul', [writer.x, writer.step('Tanh', [writer.step('Softplus', [writer.x])])]),
};
