import {
  type ActivationFunction,
  type AnyKernel,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  type Shape,
} from '@nnm/core';
import { type ConvConfig, convGrowth, convSpace } from '../config.ts';
import { ConvFeatureParser } from '../features.ts';
import { convPrior } from '../generated/conv-prior.ts';
import { ImageConvBlock } from '../image-block.ts';
import { outputPixels, squareLayer } from '../layer.ts';
import { convWork } from '../work.ts';

/** A convolution whose result is added to another value: runtimes that do both at once read that value where they would write. */
function residualKernel(type: string, description: string, activation?: ActivationFunction): Kernel<ConvConfig> {
  const workOf = (config: ConvConfig) => {
    const outputs = outputPixels(squareLayer(config)) * config.COUT;
    const { flops, params, bytes } = convWork(config, { batchNorm: true, ...(activation && { activation }) });
    return { flops: flops + outputs, params, bytes: bytes + floatBytes(outputs) };
  };
  class ResidualBlock extends ImageConvBlock {
    override get inputTensorShape(): readonly Shape[] {
      const { HW, COUT, STRIDES } = this.config;
      const side = Math.ceil(HW / STRIDES);
      return [this.inputShape, [side, side, COUT]];
    }

    override getModel(): Graph {
      const { COUT, KERNEL_SIZE, STRIDES } = this.config;
      const g = new GraphBuilder(type);
      const [x, other] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape])) as [string, string];
      const y = g.batchNorm(g.conv2d(x, COUT, { kernelSize: KERNEL_SIZE, strides: STRIDES, useBias: false }));
      const sum = g.add(y, other);
      return g.build(activation === undefined ? sum : g.activation(sum, activation));
    }
  }
  return defineKernel({
    type,
    family: 'conv-add',
    asOnePart: true,
    description,
    configSpace: convSpace,
    refusals: () => [],
    block: ResidualBlock,
    sampler: new PriorSampler({ space: convSpace, prior: convPrior, channelKeys: ['CIN', 'COUT'], growth: convGrowth, workOf }),
    features: new ConvFeatureParser(type, workOf),
  });
}

/** `conv-bn-add`: convolution, batch normalisation, sum with another value. */
export const convBnAdd = residualKernel('conv-bn-add', 'convolution, batch normalisation, sum with another value');
/** `conv-bn-add-relu`: convolution, batch normalisation, sum with another value, ReLU. */
export const convBnAddRelu = residualKernel('conv-bn-add-relu', 'convolution, batch normalisation, sum with another value, ReLU', 'relu');

/** The kernels of the `conv-add` family. */
export const residualKernels: readonly AnyKernel[] = [convBnAdd, convBnAddRelu];
