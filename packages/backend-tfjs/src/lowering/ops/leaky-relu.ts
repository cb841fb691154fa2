import { float } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const leakyRelu: Lowering<'leakyRelu'> = {
  op: 'leakyRelu',
  support: { runs: 'native', note: 'fused behind a bias or LeakyRelu' },
  lower: (writer, { alpha }) => writer.last('LeakyRelu', [writer.x], { alpha: float(alpha) }),
};
