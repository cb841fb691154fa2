import {
  type BlockClass,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  type Shape,
  type Work,
} from '@nnm/core';
import { addPrior } from './generated/add-prior.ts';
import { ImageBlock, type ImageConfig, imageElements, imageFeatures, imageGrowth, imageSpace } from './image.ts';

function addWork(config: ImageConfig, withRelu: boolean): Work {
  const elements = imageElements(config);
  return { flops: (withRelu ? 2 : 1) * elements, params: 0, bytes: floatBytes(3 * elements) };
}

function addBlock(type: string, withRelu: boolean): BlockClass<ImageConfig> {
  return class extends ImageBlock {
    /** Two images of one shape. */
    override get inputTensorShape(): readonly Shape[] {
      return [this.inputShape, this.inputShape];
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      const [a, b] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape])) as [string, string];
      const sum = g.add(a, b);
      return g.build(withRelu ? g.activation(sum, 'relu') : sum);
    }
  };
}

function addKernel(type: string, description: string, withRelu: boolean): Kernel<ImageConfig> {
  const workOf = (config: ImageConfig): Work => addWork(config, withRelu);
  return defineKernel({
    type,
    description,
    configSpace: imageSpace,
    refusals: () => [],
    block: addBlock(type, withRelu),
    sampler: new PriorSampler({ space: imageSpace, prior: addPrior, channelKeys: ['CIN'], growth: imageGrowth, workOf }),
    // Both inputs have CIN channels: the key stands twice in the vector, as in nn-Meter's data.
    features: imageFeatures(type, workOf, { keys: ['HW', 'CIN', 'CIN'] }),
  });
}

/** `addrelu`: sum of two images, ReLU. */
export const addrelu = addKernel('addrelu', 'sum of two images, ReLU', true);
/** `add`: sum of two images. */
export const add = addKernel('add', 'sum of two images', false);
