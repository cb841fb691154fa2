import {
  type BlockClass,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  type ValueId,
  type Work,
} from '@nnm/core';
import { featureMapsPrior } from './generated/feature-maps-prior.ts';
import { channelLoops, ImageBlock, type ImageConfig, imageElements, imageFeatures, imageGrowth, imageSpace } from './image.ts';

/** What an element-wise kernel does, and what that costs. */
interface Elementwise {
  readonly append: (g: GraphBuilder, x: ValueId) => ValueId;
  /** Operations per element, as `countWork` counts them. */
  readonly flopsPerElement: number;
  readonly batchNorm: boolean;
}

function elementwiseWork(config: ImageConfig, { flopsPerElement, batchNorm }: Elementwise): Work {
  const elements = imageElements(config);
  return {
    flops: flopsPerElement * elements,
    params: batchNorm ? 2 * config.CIN : 0,
    bytes: floatBytes(2 * elements + (batchNorm ? 4 * config.CIN : 0)),
  };
}

/** Channels that ONNX Runtime keeps in blocks are a multiple of this. */
const BLOCKED_MULTIPLE = 4;

/** Batch normalisations under ONNX Runtime: on blocks of channels with the ReLU behind them in one, on others plane by plane and one by one. */
const planeByPlane = {
  COPIES: ({ CIN }: ImageConfig) => (CIN % BLOCKED_MULTIPLE === 0 ? 0 : CIN),
  COPIED_BYTES: (config: ImageConfig) => (config.CIN % BLOCKED_MULTIPLE === 0 ? 0 : floatBytes(2 * imageElements(config))),
};

function elementwiseBlock(type: string, { append }: Elementwise): BlockClass<ImageConfig> {
  return class extends ImageBlock {
    override getModel(): Graph {
      const g = new GraphBuilder(type);
      return g.build(append(g, g.input([this.batchSize, ...this.inputShape])));
    }
  };
}

function elementwiseKernel(type: string, description: string, operation: Elementwise): Kernel<ImageConfig> {
  const workOf = (config: ImageConfig): Work => elementwiseWork(config, operation);
  return defineKernel({
    type,
    description,
    configSpace: imageSpace,
    refusals: () => [],
    block: elementwiseBlock(type, operation),
    sampler: new PriorSampler({ space: imageSpace, prior: featureMapsPrior, channelKeys: ['CIN'], growth: imageGrowth, workOf }),
    features: imageFeatures(type, workOf, operation.batchNorm ? { loopsOf: channelLoops, otherWay: planeByPlane } : {}),
  });
}

/** `bnrelu`: batch normalisation, ReLU. */
export const bnrelu = elementwiseKernel('bnrelu', 'batch normalisation, ReLU', {
  append: (g, x) => g.activation(g.batchNorm(x), 'relu'),
  flopsPerElement: 3,
  batchNorm: true,
});
/** `bn`: batch normalisation. */
export const bn = elementwiseKernel('bn', 'batch normalisation', {
  append: (g, x) => g.batchNorm(x),
  flopsPerElement: 2,
  batchNorm: true,
});
/** `hswish`: hard swish. */
export const hswish = elementwiseKernel('hswish', 'hard swish', {
  append: (g, x) => g.activation(x, 'hswish'),
  flopsPerElement: 4,
  batchNorm: false,
});
/** `relu`: ReLU. */
export const relu = elementwiseKernel('relu', 'ReLU', {
  append: (g, x) => g.activation(x, 'relu'),
  flopsPerElement: 1,
  batchNorm: false,
});
