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
  type ValueId,
} from '@nnm/core';
import { wordsPrior } from './generated/words-prior.ts';

/** Configuration of the kernels on rows: `[ROWS, CIN]`, one row per word or patch. */
export type RowsConfig = { readonly ROWS: number; readonly CIN: number };

const space = {
  ROWS: { min: 1, max: 65_536, description: 'rows: words of a text, patches of an image' },
  CIN: { min: 1, max: 16_384, description: 'elements of a row' },
};

/** What a kernel does to rows, with operations per element and trained values per channel as `countWork` counts them. */
interface RowsKernel {
  readonly type: string;
  readonly family: string;
  readonly description: string;
  readonly flops: number;
  readonly params: number;
  /** Every row meets one value per channel or per row, in a loop of its own; default false. */
  readonly loopPerRow?: boolean;
  readonly asOnePart?: boolean;
  /** Inputs of as many rows; default 1. */
  readonly inputs?: number;
  readonly append: (g: GraphBuilder, x: ValueId, ...others: readonly ValueId[]) => ValueId;
}

function rowsKernel(kernel: RowsKernel): Kernel<RowsConfig> {
  const { type, family, description, flops, params, inputs = 1, asOnePart = false, loopPerRow = false, append } = kernel;
  const workOf = ({ ROWS, CIN }: RowsConfig) => ({
    flops: flops * ROWS * CIN,
    params: params * CIN,
    bytes: floatBytes((inputs + 1) * ROWS * CIN + params * CIN),
  });
  class RowsBlock extends BaseBlock<RowsConfig> {
    override get inputShape(): Shape {
      return [this.config.ROWS, this.config.CIN];
    }

    override get inputTensorShape(): readonly Shape[] {
      return Array.from({ length: inputs }, () => this.inputShape);
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      const [x, ...others] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape]));
      return g.build(append(g, x as ValueId, ...others));
    }
  }
  return defineKernel({
    type,
    family,
    description,
    ...(asOnePart && { asOnePart }),
    configSpace: space,
    refusals: () => [],
    block: RowsBlock,
    sampler: new PriorSampler<RowsConfig>({ space, prior: wordsPrior, channelKeys: ['ROWS', 'CIN'], workOf }),
    features: new ConfigFeatureParser<RowsConfig>({
      kernelType: type,
      keys: ['ROWS', 'CIN'],
      work: workOf,
      extra: {
        // Of one channel, rows and channels are the same, and all is one loop.
        ...(loopPerRow && { OUT_PIXELS: ({ ROWS, CIN }: RowsConfig) => (CIN === 1 ? 1 : ROWS) }),
        ...remainderFeatures<RowsConfig>('CIN'),
      },
    }),
  });
}

/** `layer-norm`: layer normalisation of every row. */
export const layerNorm = rowsKernel({
  type: 'layer-norm',
  family: 'layer-norm',
  description: 'layer normalisation of every row',
  flops: 7,
  params: 2,
  append: (g, x) => g.layerNorm(x),
  loopPerRow: true,
});
/** `add-layer-norm`: the sum of two inputs, every row normalised: the end of a transformer's layer, which ONNX Runtime runs as one. */
export const addLayerNorm = rowsKernel({
  type: 'add-layer-norm',
  family: 'add-layer-norm',
  description: 'sum of two inputs, layer normalisation of every row',
  flops: 8,
  params: 2,
  inputs: 2,
  asOnePart: true,
  append: (g, x, ...others) => g.layerNorm(g.add(x, others[0] as ValueId)),
  loopPerRow: true,
});
/** `rms-norm`: root mean square normalisation of every row. */
export const rmsNorm = rowsKernel({
  type: 'rms-norm',
  family: 'rms-norm',
  description: 'root mean square normalisation of every row',
  flops: 4,
  params: 1,
  append: (g, x) => g.rmsNorm(x),
  loopPerRow: true,
});
/** `gelu`: GELU with the error function. */
export const gelu = rowsKernel({
  type: 'gelu',
  family: 'gelu',
  description: 'GELU with the error function',
  flops: 8,
  params: 0,
  append: (g, x) => g.gelu(x),
});
/** `gelu-tanh`: its approximation with tanh. */
export const geluTanh = rowsKernel({
  type: 'gelu-tanh',
  family: 'gelu',
  description: 'GELU, approximated with tanh',
  flops: 8,
  params: 0,
  append: (g, x) => g.gelu(x, { approximate: 'tanh' }),
});
