import {
  type BlockClass,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  type GraphBuilder,
  type Kernel,
  type Loops,
  loopFeatures,
  PriorSampler,
  remainderFeatures,
  type Shape,
  type ValueId,
  type Work,
} from '@nnm/core';
import { rowsPrior } from './generated/rows-prior.ts';
import { tensorBlock } from './tensor-block.ts';

/** Configuration of kernels on a matrix `[ROWS, CIN]`: pixels of an image or words of a text, and their channels. */
export type RowsConfig = {
  readonly ROWS: number;
  readonly CIN: number;
};

/** What kernels of a {@link RowsConfig} accept. */
export const rowsSpace: ConfigSpace<RowsConfig> = {
  ROWS: { min: 1, max: 1_048_576, description: 'rows: pixels of an image, or words of a text' },
  CIN: { min: 1, max: 65_536, description: 'elements of a row: channels' },
};

/** How it grows with the network's input: four pixels for one. */
export const rowsGrowth = { ROWS: 4 };

/** Elements of the matrix. */
export const elementsOf = ({ ROWS, CIN }: RowsConfig): number => ROWS * CIN;

/**
 * A block on matrices.
 *
 * @param shapesOf - shapes of its inputs; one matrix `[ROWS, CIN]` by default
 * @param positive - its inputs are timed with positive numbers
 */
export function rowsBlock(
  type: string,
  write: (g: GraphBuilder, inputs: readonly ValueId[], config: RowsConfig) => readonly ValueId[],
  shapesOf: (config: RowsConfig) => readonly Shape[] = ({ ROWS, CIN }) => [[ROWS, CIN]],
  positive = false,
): BlockClass<RowsConfig> {
  return tensorBlock(type, { shapesOf, write, positive });
}

/** What a kernel on matrices is made of. */
export interface RowsKernel {
  readonly type: string;
  readonly family?: string;
  readonly description: string;
  readonly block: BlockClass<RowsConfig>;
  readonly workOf: (config: RowsConfig) => Work;
  /** The loops that XNNPACK runs, where they are not one over all elements. */
  readonly loopsOf?: (config: RowsConfig) => Loops;
  /** Further features by name; default none. */
  readonly extra?: Readonly<Record<string, (config: RowsConfig) => number>>;
}

/** A kernel on matrices, sampled like those of known networks. */
export function rowsKernel({ type, family, description, block, workOf, loopsOf, extra }: RowsKernel): Kernel<RowsConfig> {
  const ways = loopsOf === undefined ? [] : loopFeatures(loopsOf);
  return defineKernel({
    type,
    ...(family !== undefined && { family }),
    description,
    configSpace: rowsSpace,
    refusals: () => [],
    block,
    sampler: new PriorSampler({ space: rowsSpace, prior: rowsPrior, channelKeys: ['ROWS', 'CIN'], growth: rowsGrowth, workOf }),
    features: new ConfigFeatureParser({
      kernelType: type,
      keys: ['ROWS', 'CIN'],
      work: workOf,
      paths: ways.map((way) => Object.keys(way)),
      extra: {
        ...remainderFeatures<RowsConfig>('CIN'),
        ELEMENTS_MOD_64: (config) => elementsOf(config) % 64,
        ...Object.assign({}, ...ways),
        ...extra,
      },
    }),
  });
}
