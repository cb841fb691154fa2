import { writeDepthwise } from '../conv-window.ts';
import type { Lowering } from '../lowering.ts';

export const depthwiseConv2d: Lowering<'depthwiseConv2d'> = {
  op: 'depthwiseConv2d',
  support: { runs: 'delegated', note: 'DEPTHWISE_CONV_2D' },
  foldsBatchNorm: true,
  fusesActivation: true,
  lower: (context, op, fused) => writeDepthwise(context, op, fused),
};
