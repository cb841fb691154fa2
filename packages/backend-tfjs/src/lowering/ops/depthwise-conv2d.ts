import { writeDepthwise } from '../depthwise.ts';
import type { Lowering } from '../lowering.ts';

export const depthwiseConv2d: Lowering<'depthwiseConv2d'> = {
  op: 'depthwiseConv2d',
  support: {
    runs: 'native',
    note: 'FusedDepthwiseConv2dNative; DepthwiseConv2dNative without bias; Pad before it for explicit padding; strides and dilation together are refused',
  },
  foldsBatchNorm: true,
  fusesActivation: () => true,
  lower: writeDepthwise,
};
