import { type BlockClass, type Graph, GraphBuilder, InvalidConfigError, type Problem } from '@nnm/core';
import type { ConvConfig } from './config.ts';
import { ImageConvBlock } from './image-block.ts';
import { appendLayers, type ConvLayers } from './layers.ts';

/** The block of a convolution kernel: convolution with `same` padding, then `layers`. */
export function convBlock(type: string, layers: ConvLayers): BlockClass<ConvConfig> {
  return class extends ImageConvBlock {
    override getModel(): Graph {
      const { COUT, KERNEL_SIZE, STRIDES } = this.config;
      const g = new GraphBuilder(type);
      const x = g.input([this.batchSize, ...this.inputShape]);
      const y = g.conv2d(x, COUT, { kernelSize: KERNEL_SIZE, strides: STRIDES, useBias: !layers.batchNorm });
      return g.build(appendLayers(g, y, layers));
    }
  };
}

/** A depthwise convolution keeps the number of channels. */
export function channelProblems({ CIN, COUT }: ConvConfig): readonly Problem[] {
  return COUT === CIN ? [] : [{ key: 'COUT', message: `must equal CIN, ${CIN}; got ${COUT}` }];
}

/** The block of a depthwise kernel: depthwise convolution with `same` padding, then `layers`; `COUT` must equal `CIN`. */
export function dwconvBlock(type: string, layers: ConvLayers): BlockClass<ConvConfig> {
  return class extends ImageConvBlock {
    override getModel(): Graph {
      const { KERNEL_SIZE, STRIDES } = this.config;
      const problems = channelProblems(this.config);
      if (problems.length > 0) throw new InvalidConfigError({ kernel: type, problems });
      const g = new GraphBuilder(type);
      const x = g.input([this.batchSize, ...this.inputShape]);
      const y = g.depthwiseConv2d(x, { kernelSize: KERNEL_SIZE, strides: STRIDES, useBias: !layers.batchNorm });
      return g.build(appendLayers(g, y, layers));
    }
  };
}
