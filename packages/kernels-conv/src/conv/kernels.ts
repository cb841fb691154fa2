import { type AnyKernel, defineKernel, type Kernel, PriorSampler } from '@nnm/core';
import { convBlock } from '../block.ts';
import { type ConvConfig, convGrowth, convSpace } from '../config.ts';
import { ConvFeatureParser } from '../features.ts';
import { convPrior } from '../generated/conv-prior.ts';
import type { ConvLayers } from '../layers.ts';
import { convWork } from '../work.ts';

/** A kernel of the convolution family; all share the prior, and the `conv` predictor. */
function convKernel(type: string, description: string, layers: ConvLayers): Kernel<ConvConfig> {
  const workOf = (config: ConvConfig) => convWork(config, layers);
  return defineKernel({
    type,
    family: 'conv',
    description,
    configSpace: convSpace,
    refusals: () => [],
    block: convBlock(type, layers),
    sampler: new PriorSampler({ space: convSpace, prior: convPrior, channelKeys: ['CIN', 'COUT'], growth: convGrowth, workOf }),
    features: new ConvFeatureParser(type, workOf),
  });
}

/** `conv-bn-relu`: convolution, batch normalisation, ReLU. */
export const convBnRelu = convKernel('conv-bn-relu', 'convolution, batch normalisation, ReLU', { batchNorm: true, activation: 'relu' });
/** `conv-bn-relu6`: convolution, batch normalisation, ReLU6. */
export const convBnRelu6 = convKernel('conv-bn-relu6', 'convolution, batch normalisation, ReLU6', { batchNorm: true, activation: 'relu6' });
/** `conv-bn`: convolution, batch normalisation. */
export const convBn = convKernel('conv-bn', 'convolution, batch normalisation', { batchNorm: true });
/** `conv-relu`: convolution with bias, ReLU. */
export const convRelu = convKernel('conv-relu', 'convolution with bias, ReLU', { batchNorm: false, activation: 'relu' });
/** `conv-relu6`: convolution with bias, ReLU6. */
export const convRelu6 = convKernel('conv-relu6', 'convolution with bias, ReLU6', { batchNorm: false, activation: 'relu6' });
/** `conv-hswish`: convolution with bias, hard swish. */
export const convHswish = convKernel('conv-hswish', 'convolution with bias, hard swish', { batchNorm: false, activation: 'hswish' });
/** `conv-block`: convolution with bias. */
export const convBlockKernel = convKernel('conv-block', 'convolution with bias', { batchNorm: false });
/** `conv-bn-hswish`: convolution, batch normalisation, hard swish. */
export const convBnHswish = convKernel('conv-bn-hswish', 'convolution, batch normalisation, hard swish', {
  batchNorm: true,
  activation: 'hswish',
});

/** The eight kernels of the `conv` family. */
export const convKernels: readonly AnyKernel[] = [
  convBnRelu,
  convBnRelu6,
  convBn,
  convRelu,
  convRelu6,
  convHswish,
  convBlockKernel,
  convBnHswish,
];
