import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const depthToSpace: Lowering<'depthToSpace'> = {
  op: 'depthToSpace',
  support: { runs: 'delegated', note: 'DEPTH_TO_SPACE, on its own kernel for blocks of one pixel' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const options = { type: 'DepthToSpaceOptions', blockSize: op.blockSize } as const;
    context.model.operator('DEPTH_TO_SPACE', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], options);
  },
};
