import type { Op } from '../../graph/index.ts';

/** Operators of the convolutional networks that nnm began with; every backend has them, or says so in `mayRefuse`. */
export const BASIC_OPERATORS: ReadonlySet<Op['op']> = new Set([
  'activation',
  'add',
  'avgPool',
  'batchNorm',
  'channelShuffle',
  'concat',
  'conv2d',
  'dense',
  'depthwiseConv2d',
  'flatten',
  'globalAvgPool',
  'maxPool',
  'mul',
  'split',
]);
