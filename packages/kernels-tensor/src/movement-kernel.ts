import {
  ConfigFeatureParser,
  type ConfigSpace,
  type Feature,
  floatBytes,
  type GraphBuilder,
  type Kernel,
  type KernelConfig,
  PriorSampler,
  type PriorSamplerOptions,
  type PriorTable,
  remainderFeatures,
  type Shape,
  type ValueId,
} from '@nnm/core';
import { rowsPrior } from './generated/rows-prior.ts';
import { tensorBlock } from './tensor-block.ts';

/** A kernel that moves elements and computes nothing. */
export interface Movement<C extends KernelConfig> {
  readonly type: string;
  readonly description: string;
  readonly space: ConfigSpace<C>;
  readonly prior: PriorTable<keyof C & string> | readonly C[];
  /** Keys that samplers vary; all by default. */
  readonly channelKeys?: readonly (keyof C & string)[];
  /** How the sizes grow with the input of the network; by default not at all. */
  readonly growth?: NonNullable<PriorSamplerOptions<C>['growth']>;
  readonly shapesOf: (config: C) => readonly Shape[];
  /** The first axis has so many elements for every one of the batch; 1 by default. */
  readonly copies?: (config: C) => number;
  /** Elements of all outputs. */
  readonly outputs: (config: C) => number;
  readonly write: (g: GraphBuilder, inputs: readonly ValueId[], config: C, batchSize: number) => readonly ValueId[];
  /** The key whose remainders matter: the innermost axis. */
  readonly inner: keyof C & string;
  /** Further features by name. */
  readonly extra?: Readonly<Record<string, Feature<C>>>;
}

/** A kernel of that description, with the features of its configuration, its bytes and what is left of the innermost axis. */
export function movementKernel<C extends KernelConfig>(movement: Movement<C>): Kernel<C> {
  const { type, description, space, prior, growth, shapesOf, copies = () => 1, outputs, write, inner, extra } = movement;
  const keys = Object.keys(space) as (keyof C & string)[];
  const workOf = (config: C) => {
    const inputs = copies(config) * shapesOf(config).reduce((sum, shape) => sum + shape.reduce((all, size) => all * size, 1), 0);
    return { flops: 0, params: 0, bytes: floatBytes(inputs + outputs(config)) };
  };
  return {
    type,
    description,
    configSpace: space,
    refusals: () => [],
    block: tensorBlock(type, { shapesOf, copies, write }),
    sampler: new PriorSampler<C>({ space, prior, channelKeys: movement.channelKeys ?? keys, ...(growth && { growth }), workOf }),
    features: new ConfigFeatureParser<C>({ kernelType: type, keys, work: workOf, extra: { ...remainderFeatures<C>(inner), ...extra } }),
  };
}

/** Range of an axis of any size up to `max`. */
export const axis = (description: string, max = 65_536) => ({ min: 1, max, description });

/** Images of known networks: square, with their channels. */
export const images: readonly { readonly HW: number; readonly CIN: number }[] = rowsPrior.rows
  .map(([, ROWS = 1, CIN = 1]) => ({ HW: Math.sqrt(ROWS), CIN }))
  .filter(({ HW }) => Number.isInteger(HW) && HW > 1 && HW <= 1024);
