import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const gelu: Lowering<'gelu'> = {
  op: 'gelu',
  support: {
    runs: 'composed',
    note: 'Div, Erf, Add, Mul, Mul, which the runtime fuses to Gelu; with Tanh for the approximation, which stays composed',
  },
  lower(op, context) {
    const chain = new Chain(context, op);
    const { writer } = context;
    const x = chain.input();
    if (op.approximate === 'none') {
      const erf = chain.step('Erf', [chain.step('Div', [x, writer.scalar(Math.SQRT2)])]);
      chain.last('Mul', [chain.step('Mul', [x, chain.step('Add', [erf, writer.scalar(1)])]), writer.scalar(0.5)]);
      return;
    }
    const cube = chain.step('Mul', [x, chain.step('Mul', [x, x])]);
    const inner = chain.step('Add', [x, chain.step('Mul', [cube, writer.scalar(0.044715)])]);
    const tanh = chain.step('Tanh', [chain.step('Mul', [inner, writer.scalar(Math.sqrt(2 / Math.PI))])]);
    const gate = chain.step('Mul', [x, chain.step('Add', [tanh, writer.scalar(1)])]);
    chain.last('Mul', [gate, writer.scalar(0.5)]);
  },
};
