import type { Problem } from '../errors/index.ts';
import type { Graph, Implement } from '../graph/types.ts';
import type { BlockClass, WrittenBlock } from './base-block.ts';
import type { BaseConfigSampler } from './base-config-sampler.ts';
import type { BaseFeatureParser } from './base-feature-parser.ts';
import type { ConfigSpace, KernelConfig } from './config.ts';

/** Everything nnm knows about one kernel; made by {@link defineKernel}. */
export interface Kernel<C extends KernelConfig = KernelConfig> {
  /** Id such as `conv-bn-relu`: lower-case letters and digits, with `-` or `_` between them. */
  readonly type: string;
  /** Kernels of a family share one predictor. Default: the kernel's own type. */
  readonly family?: string;
  readonly description?: string;
  /** Frameworks the block can be built for. Default: both. */
  readonly implement?: readonly Implement[];
  readonly configSpace: ConfigSpace<C>;
  /**
   * What the kernel has against a configuration within its ranges, such as two keys that must be equal; empty when it accepts it.
   * Default: what the block throws while it builds the graph, which takes longer.
   */
  readonly refusals?: (config: C) => readonly Problem[];
  readonly block: BlockClass<C>;
  /**
   * Configurations that a part of a model may have, its graph at hand; the one whose block builds this very graph is it. Default: read from
   * the sizes in the graph, which is possible where each key is one of them, a quotient, product, difference or root.
   */
  readonly configsOf?: (graph: Graph) => readonly C[];
  /** It is found in models only where the runtime runs all of it as one. Default: also where it runs several parts, which then count as one. */
  readonly asOnePart?: boolean;
  readonly sampler: BaseConfigSampler<C>;
  readonly features: BaseFeatureParser<C>;
}

/** Any kernel. A kernel consumes its config, so `Kernel<ConvConfig>` is not a `Kernel<KernelConfig>`. */
// biome-ignore lint/suspicious/noExplicitAny: variance, see above
export type AnyKernel = Kernel<any>;

type BlockConfig<B> = B extends new (config: infer C extends KernelConfig, batchSize?: number) => WrittenBlock ? C : never;

/**
 * Describe a kernel in one value. Returns it unchanged; nothing is registered.
 *
 * The configuration type comes from the block: a sampler, parser or config space that lacks one of its keys does not compile.
 *
 * @example
 * export const convBnRelu = defineKernel({
 *   type: 'conv-bn-relu',
 *   family: 'conv',
 *   configSpace: convSpace,
 *   block: ConvBnReluBlock,
 *   sampler: new ConvSampler(convPrior),
 *   features: new ConvFeatureParser('conv-bn-relu'),
 * });
 */
export function defineKernel<B extends new (config: never, batchSize?: number) => WrittenBlock>(
  kernel: Omit<Kernel<BlockConfig<B>>, 'block'> & { readonly block: B },
): Kernel<BlockConfig<B>> {
  return kernel as unknown as Kernel<BlockConfig<B>>;
}

/** The family whose predictor a kernel uses: its own type unless it names another. */
export function kernelFamily(kernel: AnyKernel): string {
  return kernel.family ?? kernel.type;
}
