import {
  type BlockClass,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  type Feature,
  floatBytes,
  type Graph,
  GraphBuilder,
  InvalidConfigError,
  type Kernel,
  POOL_SIZE_VALUES,
  PriorSampler,
  type Problem,
  remainderFeatures,
  STRIDE_VALUES,
  square,
  type Work,
} from '@nnm/core';
import { poolingPrior } from './generated/pooling-prior.ts';
import { ImageBlock, imageElements, imageGrowth, imageSpace } from './image.ts';

/** Configuration of the pooling kernels: square input `[HW, HW, CIN]`, `same` padding; `COUT` always equals `CIN`. */
export type PoolConfig = {
  readonly HW: number;
  readonly CIN: number;
  readonly COUT: number;
  readonly KERNEL_SIZE: number;
  readonly POOL_STRIDES: number;
};

/** What the pooling kernels accept. */
export const poolSpace: ConfigSpace<PoolConfig> = {
  ...imageSpace,
  COUT: { min: 1, max: 4096, description: 'output channels, equal to CIN' },
  KERNEL_SIZE: { min: 1, max: 7, values: POOL_SIZE_VALUES, description: 'height and width of the window, pixels' },
  POOL_STRIDES: { min: 1, max: 4, values: STRIDE_VALUES, description: 'step of the window, pixels' },
};

const outputSide = ({ HW, POOL_STRIDES }: PoolConfig): number => Math.ceil(HW / POOL_STRIDES);
const outputPixels = (config: PoolConfig): number => square(outputSide(config));

/** Work of a pooling kernel at batch 1: one operation per window pixel. */
export function poolWork(config: PoolConfig): Work {
  const outputs = outputPixels(config) * config.CIN;
  return { flops: square(config.KERNEL_SIZE) * outputs, params: 0, bytes: floatBytes(imageElements(config) + outputs) };
}

/** XNNPACK refuses windows smaller than the step; TensorFlow Lite's own code, which then runs, takes several times as long. */
const strideGap = ({ KERNEL_SIZE, POOL_STRIDES }: PoolConfig): number => Math.max(0, POOL_STRIDES - KERNEL_SIZE);

/** Pixels of the input that some window reads: windows that are smaller than their step leave some out. */
const readPixels = (config: PoolConfig): number =>
  strideGap(config) > 0 ? outputPixels(config) * square(config.KERNEL_SIZE) : square(config.HW);

/**
 * What ONNX Runtime does on a processor with vectors of `floats`: whole blocks of channels are pooled pixel by pixel, `TILED_FLOPS`. Of other
 * images every channel is a plane of its own, whose rows are read once for every row of a window, `COPIES` and `COPIED_BYTES`; with steps
 * of more than 2, results are then made one by one, `ALONE_FLOPS`.
 */
function blockedFeatures(floats: number, suffix: string): Readonly<Record<string, Feature<PoolConfig>>> {
  const isBlocked = ({ CIN }: PoolConfig): boolean => CIN % floats === 0;
  const rows = (config: PoolConfig): number => (isBlocked(config) ? 0 : config.CIN * outputSide(config) * config.KERNEL_SIZE);
  return {
    [`BLOCKED${suffix}`]: (config) => Number(isBlocked(config)),
    [`TILED_FLOPS${suffix}`]: (config, { flops }) => (isBlocked(config) ? flops : 0),
    [`COPIES${suffix}`]: rows,
    [`COPIED_BYTES${suffix}`]: (config) => floatBytes(rows(config) * config.HW),
    [`ALONE_FLOPS${suffix}`]: (config) => (config.POOL_STRIDES > 2 ? rows(config) * outputSide(config) : 0),
  };
}

/** Pixels of a window that XNNPACK pools at first, and then each time more. */
const FIRST_PIXELS = 9;
const MORE_PIXELS = 8;
const XNN_VECTOR = 4;

/** What XNNPACK does: whole vectors of channels and whole passes over a window, so that 2x2 pixels take what 3x3 take; `REFUSED_FLOPS` are those of slower code. */
const xnnpack: Readonly<Record<string, Feature<PoolConfig>>> = {
  XNN_FLOPS: (config) => {
    if (strideGap(config) > 0) return 0;
    const passes = Math.ceil(Math.max(0, square(config.KERNEL_SIZE) - FIRST_PIXELS) / MORE_PIXELS);
    return outputPixels(config) * (FIRST_PIXELS + MORE_PIXELS * passes) * XNN_VECTOR * Math.ceil(config.CIN / XNN_VECTOR);
  },
  REFUSED_FLOPS: (config, { flops }) => (strideGap(config) > 0 ? flops : 0),
};
const ways = [blockedFeatures(8, ''), blockedFeatures(16, '_16'), xnnpack];

function channelProblems({ CIN, COUT }: PoolConfig): readonly Problem[] {
  return COUT === CIN ? [] : [{ key: 'COUT', message: `must equal CIN, ${CIN}; got ${COUT}` }];
}

function poolBlock(type: string, op: 'maxPool' | 'avgPool'): BlockClass<PoolConfig> {
  return class extends ImageBlock<PoolConfig> {
    override getModel(): Graph {
      const { KERNEL_SIZE, POOL_STRIDES } = this.config;
      const problems = channelProblems(this.config);
      if (problems.length > 0) throw new InvalidConfigError({ kernel: type, problems });
      const g = new GraphBuilder(type);
      return g.build(g[op](g.input([this.batchSize, ...this.inputShape]), { kernelSize: KERNEL_SIZE, strides: POOL_STRIDES }));
    }
  };
}

function poolKernel(type: string, description: string, op: 'maxPool' | 'avgPool'): Kernel<PoolConfig> {
  return defineKernel({
    type,
    description,
    configSpace: poolSpace,
    refusals: channelProblems,
    block: poolBlock(type, op),
    sampler: new PriorSampler({
      space: poolSpace,
      prior: poolingPrior,
      channelKeys: ['CIN', 'COUT'],
      growth: imageGrowth,
      ties: { COUT: 'CIN' },
      workOf: poolWork,
    }),
    features: new ConfigFeatureParser({
      kernelType: type,
      keys: ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'POOL_STRIDES'],
      work: poolWork,
      paths: ways.map((way) => Object.keys(way)),
      extra: {
        OUT_PIXELS: outputPixels,
        READ_BYTES: (config) => floatBytes((readPixels(config) + outputPixels(config)) * config.CIN),
        STRIDE_GAP: strideGap,
        ...remainderFeatures<PoolConfig>('CIN'),
        ...Object.assign({}, ...ways),
      },
    }),
  });
}

/** `maxpool`: maximum over a window. */
export const maxpool = poolKernel('maxpool', 'maximum over a window', 'maxPool');
/** `avgpool`: average over a window. */
export const avgpool = poolKernel('avgpool', 'average over a window', 'avgPool');
