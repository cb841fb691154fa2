import {
  BaseBlock,
  ConfigFeatureParser,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  remainderFeatures,
  type Shape,
  type Work,
} from '@nnm/core';
import { densePrior } from './generated/dense-prior.ts';
import { matmulPrior } from './generated/matmul-prior.ts';

/** Configuration of the dense kernels: `[ROWS, CIN]` to `[ROWS, COUT]`. */
export type DenseConfig = { readonly ROWS: number; readonly CIN: number; readonly COUT: number };

const denseSpace = {
  ROWS: { min: 1, max: 65_536, description: 'rows: words of a text, patches of an image' },
  CIN: { min: 1, max: 16_384, description: 'elements of an input row' },
  COUT: { min: 1, max: 65_536, description: 'elements of an output row' },
};

function denseKernel(type: string, description: string, withGelu: boolean): Kernel<DenseConfig> {
  const workOf = ({ ROWS, CIN, COUT }: DenseConfig): Work => ({
    flops: ROWS * COUT * (2 * CIN + 1 + (withGelu ? 8 : 0)),
    params: CIN * COUT + COUT,
    bytes: floatBytes(ROWS * (CIN + COUT) + CIN * COUT + COUT),
  });
  class DenseBlock extends BaseBlock<DenseConfig> {
    override get inputShape(): Shape {
      return [this.config.ROWS, this.config.CIN];
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      const y = g.dense(g.input([this.batchSize, ...this.inputShape]), this.config.COUT);
      return g.build(withGelu ? g.gelu(y) : y);
    }
  }
  return defineKernel({
    type,
    family: 'dense',
    description,
    configSpace: denseSpace,
    refusals: () => [],
    block: DenseBlock,
    sampler: new PriorSampler<DenseConfig>({ space: denseSpace, prior: densePrior, channelKeys: ['ROWS', 'CIN', 'COUT'], workOf }),
    features: new ConfigFeatureParser<DenseConfig>({
      kernelType: type,
      keys: ['ROWS', 'CIN', 'COUT'],
      work: workOf,
      extra: {
        INTENSITY: (_, work) => work.flops / work.bytes,
        // Matrix products are computed in tiles of rows and of columns.
        ...remainderFeatures<DenseConfig>('ROWS', [4, 6, 12]),
        ...remainderFeatures<DenseConfig>('COUT', [8, 16, 32]),
        ...remainderFeatures<DenseConfig>('CIN', [8, 16]),
      },
    }),
  });
}

/** `dense`: fully connected layer on every row. */
export const dense = denseKernel('dense', 'fully connected layer with bias on every row', false);
/** `dense-gelu`: fully connected layer on every row, GELU. */
export const denseGelu = denseKernel('dense-gelu', 'fully connected layer with bias on every row, GELU', true);

/** Configuration of the matrix products: `MATRICES` times `[M, K]` by `[K, N]`. */
export type MatmulConfig = { readonly MATRICES: number; readonly M: number; readonly K: number; readonly N: number };

const matmulSpace = {
  MATRICES: { min: 1, max: 4096, description: 'products, such as heads of attention' },
  M: { min: 1, max: 16_384, description: 'rows of the first operand and the result' },
  K: { min: 1, max: 16_384, description: 'columns of the first, rows of the second operand' },
  N: { min: 1, max: 16_384, description: 'columns of the second operand and the result' },
};

/** Work of matrix products at batch 1. */
export const matmulWork = ({ MATRICES, M, K, N }: MatmulConfig): Work => ({
  flops: 2 * MATRICES * M * K * N,
  params: 0,
  bytes: floatBytes(MATRICES * (M * K + K * N + M * N)),
});

function matmulKernel(type: string, description: string, transposeB: boolean): Kernel<MatmulConfig> {
  class MatmulBlock extends BaseBlock<MatmulConfig> {
    override get inputShape(): Shape {
      return this.inputTensorShape[0] as Shape;
    }

    override get inputTensorShape(): readonly Shape[] {
      const { MATRICES, M, K, N } = this.config;
      return [
        [MATRICES, M, K],
        [MATRICES, ...(transposeB ? [N, K] : [K, N])],
      ];
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      const [a, b] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape]));
      return g.build(g.matmul(a as string, b as string, { transposeB }));
    }
  }
  return defineKernel({
    type,
    family: 'matmul',
    description,
    configSpace: matmulSpace,
    refusals: () => [],
    block: MatmulBlock,
    sampler: new PriorSampler<MatmulConfig>({
      space: matmulSpace,
      prior: matmulPrior,
      channelKeys: ['MATRICES', 'M', 'K', 'N'],
      workOf: matmulWork,
    }),
    features: new ConfigFeatureParser<MatmulConfig>({
      kernelType: type,
      keys: ['MATRICES', 'M', 'K', 'N'],
      work: matmulWork,
      extra: {
        INTENSITY: (_, work) => work.flops / work.bytes,
        ...remainderFeatures<MatmulConfig>('M', [4, 6, 12]),
        ...remainderFeatures<MatmulConfig>('N', [8, 16, 32]),
        ...remainderFeatures<MatmulConfig>('K', [8, 16]),
      },
    }),
  });
}

/** `matmul`: products of matrices that are both inputs, as the weighted sum of attention. */
export const matmul = matmulKernel('matmul', 'products of matrices that are both inputs', false);
/** `matmul-transposed`: the second one lies on its side, as in the scores of attention. */
export const matmulTransposed = matmulKernel('matmul-transposed', 'products of matrices, the second one transposed', true);
