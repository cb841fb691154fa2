import { definePlugin } from '@nnm/core';
import { add, addrelu } from './add.ts';
import { channelshuffle, split } from './channel-halves.ts';
import { concat } from './concat.ts';
import { bn, bnrelu, hswish, relu } from './elementwise.ts';
import { fc } from './fc.ts';
import { globalAvgpool } from './global-avgpool.ts';
import { avgpool, maxpool } from './pooling.ts';
import { se } from './se.ts';
import { VERSION } from './version.ts';

/** The plugin: 14 kernels, each with a predictor of its own. */
export default definePlugin({
  name: '@nnm/kernels-misc',
  version: VERSION,
  apiVersion: 1,
  kernels: [maxpool, avgpool, fc, concat, split, channelshuffle, se, globalAvgpool, bnrelu, bn, hswish, relu, addrelu, add],
});
