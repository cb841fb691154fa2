import {
  AVX2,
  AVX512,
  ConfigFeatureParser,
  defineKernel,
  type Feature,
  floatBytes,
  type Graph,
  GraphBuilder,
  type MatrixProduct,
  PriorSampler,
  remainderFeatures,
  tiledProductFlops,
  type Work,
} from '@nnm/core';
import { generalSpace, PlaneBlock, planeGrowth } from '../general-config.ts';
import { transposedConvPrior } from '../generated/transposed-conv-prior.ts';
import { isNarrow, narrowProducts, wideProducts, wideTiles } from '../tiles.ts';

/** Configuration of `transposed-conv`: an image becomes `STRIDE_H` times as high and `STRIDE_W` times as wide. */
export type TransposedConvConfig = {
  readonly H: number;
  readonly W: number;
  readonly CIN: number;
  readonly COUT: number;
  readonly KERNEL_H: number;
  readonly KERNEL_W: number;
  readonly STRIDE_H: number;
  readonly STRIDE_W: number;
};

const { H, W, CIN, COUT, KERNEL_H, KERNEL_W } = generalSpace;
const step = { min: 1, max: 8, values: [1, 2, 3, 4, 8], description: 'how many times as large the image becomes' };
const window = { ...KERNEL_H, max: 16, values: [2, 3, 4, 5, 6, 8, 9] };
const space = {
  H,
  W,
  CIN,
  COUT,
  KERNEL_H: window,
  KERNEL_W: { ...KERNEL_W, max: window.max, values: window.values },
  STRIDE_H: step,
  STRIDE_W: step,
};

const inputPixels = (config: TransposedConvConfig): number => config.H * config.W;
const outputPixels = (config: TransposedConvConfig): number => inputPixels(config) * config.STRIDE_H * config.STRIDE_W;

const windowsOf = ({ KERNEL_H, KERNEL_W }: TransposedConvConfig): number => KERNEL_H * KERNEL_W;

/** 1 for a window that leaves gaps between its copies. */
const hasGaps = ({ KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W }: TransposedConvConfig): number =>
  Number(STRIDE_H > KERNEL_H || STRIDE_W > KERNEL_W);

/**
 * Pixels, each with its whole window, that XNNPACK computes. It takes the output apart into as many images as the step has pixels, each of which
 * reads its own part of the window; where the window leaves gaps it computes every output pixel with the whole window instead.
 */
const computedPixels = (config: TransposedConvConfig): number => (hasGaps(config) ? outputPixels(config) : inputPixels(config));

/** Operations of so many multiply-adds for every computed pixel of every window. */
const windowFlops = (config: TransposedConvConfig, products: number): number => 2 * computedPixels(config) * windowsOf(config) * products;

/** What XNNPACK computes in whole tiles, wide ones or the narrow ones of fewer than 16 filters, and its loops over the channels of one pixel of the window for each tile. */
const xnnpack: Readonly<Record<string, Feature<TransposedConvConfig>>> = {
  XNN_FLOPS: (config) => (isNarrow(config.COUT) ? 0 : windowFlops(config, wideProducts(config.CIN, config.COUT))),
  NARROW_FLOPS: (config) => (isNarrow(config.COUT) ? windowFlops(config, narrowProducts(config.CIN, config.COUT)) : 0),
  XNN_TAPS: (config) => computedPixels(config) * windowsOf(config) * wideTiles(config.COUT),
};

/**
 * Work of a transposed convolution at batch 1; equals `countWork` of its graph, without building it.
 *
 * Shapes: input `[1, H, W, CIN]`, weight `[KERNEL_H, KERNEL_W, CIN, COUT]`, output `[1, H * STRIDE_H, W * STRIDE_W, COUT]`.
 */
export function transposedConvWork(config: TransposedConvConfig): Work {
  const { KERNEL_H: kh, KERNEL_W: kw, CIN: cin, COUT: cout } = config;
  const outputs = outputPixels(config) * cout;
  const weights = kh * kw * cin * cout;
  return {
    flops: 2 * inputPixels(config) * weights + outputs,
    params: weights + cout,
    bytes: floatBytes(inputPixels(config) * cin + outputs + weights + cout),
  };
}

/** The whole window of every pixel. */
const windowsProduct = (config: TransposedConvConfig): MatrixProduct => ({
  rows: windowsOf(config) * config.COUT,
  columns: inputPixels(config),
  summed: config.CIN,
});

class TransposedConvBlock extends PlaneBlock<TransposedConvConfig> {
  override getModel(): Graph {
    const g = new GraphBuilder('transposed-conv');
    const { COUT: filters, KERNEL_H: kh, KERNEL_W: kw, STRIDE_H: sh, STRIDE_W: sw } = this.config;
    const x = g.input([this.batchSize, ...this.inputShape]);
    return g.build(g.transposedConv2d(x, filters, { kernelSize: [kh, kw], strides: [sh, sw] }));
  }
}

/** `transposed-conv`: transposed convolution with bias and `same` padding, as U-Net goes up with. */
export const transposedConv = defineKernel({
  type: 'transposed-conv',
  description: 'transposed convolution with bias; height, width, window and stride per axis',
  configSpace: space,
  refusals: () => [],
  block: TransposedConvBlock,
  sampler: new PriorSampler<TransposedConvConfig>({
    space,
    prior: transposedConvPrior,
    channelKeys: ['CIN', 'COUT'],
    growth: planeGrowth,
    workOf: transposedConvWork,
  }),
  features: new ConfigFeatureParser<TransposedConvConfig>({
    kernelType: 'transposed-conv',
    keys: Object.keys(space) as (keyof TransposedConvConfig)[],
    work: transposedConvWork,
    paths: [['PRODUCT_FLOPS', 'COPIED_BYTES'], ['PRODUCT_FLOPS_16', 'COPIED_BYTES'], Object.keys(xnnpack)],
    extra: {
      OUT_PIXELS: outputPixels,
      ...xnnpack,
      // Where a runtime multiplies every pixel by the whole window first and then adds the windows up.
      PRODUCT_FLOPS: (config) => tiledProductFlops(windowsProduct(config), AVX2),
      PRODUCT_FLOPS_16: (config) => tiledProductFlops(windowsProduct(config), AVX512),
      COPIED_BYTES: (config) => floatBytes(windowsOf(config) * config.COUT * inputPixels(config)),
      GAPS: hasGaps,
      NARROW: ({ COUT }) => isNarrow(COUT),
      INTENSITY: (_, work) => work.flops / work.bytes,
      ...remainderFeatures<TransposedConvConfig>('CIN', [4, 8, 16]),
      ...remainderFeatures<TransposedConvConfig>('COUT', [4, 8, 16]),
    },
  }),
});
