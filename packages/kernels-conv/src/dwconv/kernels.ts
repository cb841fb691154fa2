import { type AnyKernel, defineKernel, type Kernel, PriorSampler } from '@nnm/core';
import { channelProblems, dwconvBlock } from '../block.ts';
import { type ConvConfig, convGrowth, convSpace } from '../config.ts';
import { DwconvFeatureParser } from '../features.ts';
import { dwconvPrior } from '../generated/dwconv-prior.ts';
import type { ConvLayers } from '../layers.ts';
import { dwconvWork } from '../work.ts';

/** One layer in so many is drawn with a window of one pixel as well: a scale per channel, as converters of models write it. */
const SCALE_EVERY = 12;
const prior: typeof dwconvPrior = {
  ...dwconvPrior,
  rows: dwconvPrior.rows.flatMap((row, index) => {
    const [model, hw = 1, channels = 1] = row;
    return index % SCALE_EVERY === 0 ? [row, [model, hw, channels, channels, 1, 1] as const] : [row];
  }),
};

/** A kernel of the depthwise family, `COUT` tied to `CIN`; all share the prior, and the `dwconv` predictor. */
function dwconvKernel(type: string, description: string, layers: ConvLayers): Kernel<ConvConfig> {
  const workOf = (config: ConvConfig) => dwconvWork(config, layers);
  return defineKernel({
    type,
    family: 'dwconv',
    description,
    configSpace: convSpace,
    refusals: channelProblems,
    block: dwconvBlock(type, layers),
    sampler: new PriorSampler({
      space: convSpace,
      prior,
      channelKeys: ['CIN', 'COUT'],
      ties: { COUT: 'CIN' },
      growth: convGrowth,
      workOf,
    }),
    features: new DwconvFeatureParser(type, workOf),
  });
}

/** `dwconv-bn`: depthwise convolution, batch normalisation. */
export const dwconvBn = dwconvKernel('dwconv-bn', 'depthwise convolution, batch normalisation', { batchNorm: true });
/** `dwconv-relu`: depthwise convolution with bias, ReLU. */
export const dwconvRelu = dwconvKernel('dwconv-relu', 'depthwise convolution with bias, ReLU', { batchNorm: false, activation: 'relu' });
/** `dwconv-relu6`: depthwise convolution with bias, ReLU6. */
export const dwconvRelu6 = dwconvKernel('dwconv-relu6', 'depthwise convolution with bias, ReLU6', {
  batchNorm: false,
  activation: 'relu6',
});
/** `dwconv-bn-relu`: depthwise convolution, batch normalisation, ReLU. */
export const dwconvBnRelu = dwconvKernel('dwconv-bn-relu', 'depthwise convolution, batch normalisation, ReLU', {
  batchNorm: true,
  activation: 'relu',
});
/** `dwconv-bn-relu6`: depthwise convolution, batch normalisation, ReLU6. */
export const dwconvBnRelu6 = dwconvKernel('dwconv-bn-relu6', 'depthwise convolution, batch normalisation, ReLU6', {
  batchNorm: true,
  activation: 'relu6',
});
/** `dwconv-block`: depthwise convolution with bias. */
export const dwconvBlockKernel = dwconvKernel('dwconv-block', 'depthwise convolution with bias', { batchNorm: false });
/** `dwconv-bn-hswish`: depthwise convolution, batch normalisation, hard swish. */
export const dwconvBnHswish = dwconvKernel('dwconv-bn-hswish', 'depthwise convolution, batch normalisation, hard swish', {
  batchNorm: true,
  activation: 'hswish',
});

/** The seven kernels of the `dwconv` family. */
export const dwconvKernels: readonly AnyKernel[] = [
  dwconvBn,
  dwconvRelu,
  dwconvRelu6,
  dwconvBnRelu,
  dwconvBnRelu6,
  dwconvBlockKernel,
  dwconvBnHswish,
];
