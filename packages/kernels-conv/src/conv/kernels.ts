import { type AnyKernel, defineKernel, type Kernel, PriorSampler } from '@nnm/core';
import { convBlock } from '../block.ts';
import { type ConvConfig, convSpace } from '../config.ts';
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
    block: convBlock(type, layers),
    sampler: new PriorSampler({ space: convSpace, prior: convPrior, channelKeys: ['CIN', 'COUT'], workOf }),
    features: new ConvFeatureParser(type, workOf),
  });
}

export const convBnRelu = convKernel('conv-bn-relu', 'convolution, batch normalisation, ReLU', { batchNorm: true, activation: 'relu' });
export const convBnRelu6 = convKernel('conv-bn-relu6', 'convolution, batch normalisation, ReLU6', { batchNorm: true, activation: 'relu6' });
export const convBn = convKernel('conv-bn', 'convolution, batch normalisation', { batchNorm: true });
export const convRelu = convKernel('conv-relu', 'convolution with bias, ReLU', { batchNorm: false, activation: 'relu' });
export const convRelu6 = convKernel('conv-relu6', 'convolution with bias, ReLU6', { batchNorm: false, activation: 'relu6' });
export const convHswish = convKernel('conv-hswish', 'convolution with bias, hard swish', { batchNorm: false, activation: 'hswish' });
export const convBlockKernel = convKernel('conv-block', 'convolution with bias', { batchNorm: false });
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
