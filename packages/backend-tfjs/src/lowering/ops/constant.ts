import type { Lowering } from '../lowering.ts';

export const constant: Lowering<'constant'> = {
  op: 'constant',
  support: { runs: 'native', note: 'Const' },
  lower(writer, { outputs, shape }) {
    const { data } = writer.draw().value!;
    writer.context.model.define(outputs[0]!, writer.context.model.weights(outputs[0]!, shape, data));
  },
};
