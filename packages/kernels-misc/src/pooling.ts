import {
  type BlockClass,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
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
import { floatBytes } from './bytes.ts';
import { poolingPrior } from './generated/pooling-prior.ts';
import { ImageBlock, imageElements, imageSpace } from './image.ts';

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

const outputPixels = ({ HW, POOL_STRIDES }: PoolConfig): number => square(Math.ceil(HW / POOL_STRIDES));

/** Work of a pooling kernel at batch 1: one operation per window pixel. */
export function poolWork(config: PoolConfig): Work {
  const outputs = outputPixels(config) * config.CIN;
  return { flops: square(config.KERNEL_SIZE) * outputs, params: 0, bytes: floatBytes(imageElements(config) + outputs) };
}

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
      ties: { COUT: 'CIN' },
      workOf: poolWork,
    }),
    features: new ConfigFeatureParser({
      kernelType: type,
      keys: ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'POOL_STRIDES'],
      work: poolWork,
      extra: {
        OUT_PIXELS: outputPixels,
        // XNNPACK refuses windows smaller than the step; TensorFlow Lite's own code, which then runs, takes several times as long.
        STRIDE_GAP: ({ KERNEL_SIZE, POOL_STRIDES }) => Math.max(0, POOL_STRIDES - KERNEL_SIZE),
        ...remainderFeatures<PoolConfig>('CIN'),
      },
    }),
  });
}

/** `maxpool`: maximum over a window. */
export const maxpool = poolKernel('maxpool', 'maximum over a window', 'maxPool');
/** `avgpool`: average over a window. */
export const avgpool = poolKernel('avgpool', 'average over a window', 'avgPool');
