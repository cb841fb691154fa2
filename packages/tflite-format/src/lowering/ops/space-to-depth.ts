import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const spaceToDepth: Lowering<'spaceToDepth'> = {
  op: 'spaceToDepth',
  support: { runs: 'reference kernel', note: 'SPACE_TO_DEPTH*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const options = { type: 'SpaceToDepthOptions', blockSize: op.blockSize } as const;
    context.model.operator('SPACE_TO_DEPTH', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], options);
  },
};
