import {
  BaseBlock,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  HW_VALUES,
  type Kernel,
  MAX_SIDE,
  PriorSampler,
  remainderFeatures,
  type Shape,
} from '@nnm/core';
import { resizePrior } from './generated/resize-prior.ts';

/** Configuration of the resizing kernels: `[HW, HW, CIN]` to `[SIZE, SIZE, CIN]`. */
export type ResizeConfig = {
  readonly HW: number;
  readonly CIN: number;
  readonly SIZE: number;
};

const space: ConfigSpace<ResizeConfig> = {
  HW: { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width of the input, pixels' },
  CIN: { min: 1, max: 4096, description: 'channels' },
  SIZE: { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width of the output, pixels' },
};

/**
 * 1 where ONNX Runtime computes several elements at once instead of each with its own place in the image: it enlarges blocks of channels by whole
 * numbers, and the nearest pixel any image twice.
 */
const inVectors =
  (method: 'nearest' | 'bilinear') =>
  ({ HW, SIZE, CIN }: ResizeConfig): number =>
    Number((SIZE % HW === 0 && CIN % 4 === 0) || (method === 'nearest' && SIZE === 2 * HW));

/** Pieces that are computed as one: vectors of 8 elements, or one element; none where the image keeps its size and is copied. */
const piecesOf = ({ HW, SIZE, CIN }: ResizeConfig, isInVectors: boolean): number =>
  isInVectors ? SIZE * SIZE * Math.ceil(CIN / 8) : SIZE === HW ? 0 : SIZE * SIZE * CIN;

function resizeKernel(method: 'nearest' | 'bilinear'): Kernel<ResizeConfig> {
  const type = `resize-${method}`;
  const workOf = ({ HW, CIN, SIZE }: ResizeConfig) => ({
    flops: (method === 'nearest' ? 0 : 8) * SIZE * SIZE * CIN,
    params: 0,
    bytes: floatBytes((HW * HW + SIZE * SIZE) * CIN),
  });
  const whole = inVectors(method);
  class ResizeBlock extends BaseBlock<ResizeConfig> {
    override get inputShape(): Shape {
      return [this.config.HW, this.config.HW, this.config.CIN];
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      return g.build(g.resize(g.input([this.batchSize, ...this.inputShape]), { size: this.config.SIZE, method }));
    }
  }
  return defineKernel({
    type,
    description: `an image of another size, ${method}`,
    configSpace: space,
    refusals: () => [],
    block: ResizeBlock,
    sampler: new PriorSampler<ResizeConfig>({
      space,
      prior: resizePrior,
      channelKeys: ['CIN'],
      growth: { HW: 2, SIZE: 2 },
      // An image that keeps its size is copied, as no network has it.
      accepts: ({ HW, SIZE }) => HW !== SIZE,
      workOf,
    }),
    features: new ConfigFeatureParser<ResizeConfig>({
      kernelType: type,
      keys: ['HW', 'CIN', 'SIZE'],
      work: workOf,
      paths: [['IN_VECTORS', 'COPIES']],
      extra: {
        OUT_PIXELS: ({ SIZE }) => SIZE * SIZE,
        SCALE: ({ HW, SIZE }) => SIZE / HW,
        IN_VECTORS: whole,
        COPIES: (config) => piecesOf(config, whole(config) === 1),
        ...remainderFeatures<ResizeConfig>('CIN'),
      },
    }),
  });
}

/** `resize-nearest`: the nearest pixel, as upsampling in detectors has it. */
export const resizeNearest = resizeKernel('nearest');
/** `resize-bilinear`: between the four pixels around. */
export const resizeBilinear = resizeKernel('bilinear');
