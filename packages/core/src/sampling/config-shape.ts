import type { Work } from '../graph/types.ts';
import type { ConfigSpace, CostLimits, KernelConfig, SamplingContext } from '../kernel/index.ts';
import { DEFAULT_COST_LIMITS, isWithinLimits } from './cost-limits.ts';

/** What a sampler has to know about a kernel's configurations. */
export interface ConfigShape<C extends KernelConfig> {
  /** Range of every key; keys with `values` take only those. */
  readonly space: ConfigSpace<C>;
  /** Keys that hold channel counts: these are jittered, and fine-grained sampling varies them. */
  readonly channelKeys: readonly (keyof C & string)[];
  /** Keys that always equal another one: `{ COUT: 'CIN' }` for depthwise kernels and pooling. */
  readonly ties?: { readonly [K in keyof C & string]?: keyof C & string };
  /**
   * By how much keys grow with an input of the network that is twice as high and wide: `{ HW: 2 }`, or `{ ROWS: 4 }` where rows are pixels. Now
   * and then a layer is drawn as networks on larger images have it. Default: none grows.
   */
  readonly growth?: { readonly [K in keyof C & string]?: number };
  /** What else a valid configuration must satisfy. Default: nothing. */
  readonly accepts?: (config: C) => boolean;
  /** Work of a configuration by closed formula; used for the cost limits when the caller gives none. */
  readonly workOf?: (config: C) => Work;
  /** Default: {@link DEFAULT_COST_LIMITS}. */
  readonly limits?: CostLimits;
}

/** Keys of a shape's space that are free, not tied to another one, in the order of the space. */
export function freeKeys<C extends KernelConfig>(shape: ConfigShape<C>): readonly (keyof C & string)[] {
  return (Object.keys(shape.space) as (keyof C & string)[]).filter((key) => shape.ties?.[key] === undefined);
}

/** A whole configuration, keys in the order of the space; `valueFor` is asked once for each free key. */
export function completeConfig<C extends KernelConfig>(shape: ConfigShape<C>, valueFor: (key: keyof C & string) => number): C {
  const free = new Map(freeKeys(shape).map((key) => [key, valueFor(key)]));
  const keys = Object.keys(shape.space) as (keyof C & string)[];
  return Object.fromEntries(keys.map((key) => [key, free.get(shape.ties?.[key] ?? key)])) as C;
}

/** The cost check of one sampling run: the caller's limits and work before the sampler's own; always true when no work is known. */
export function costCheck<C extends KernelConfig>(shape: ConfigShape<C>, context: SamplingContext<C>): (config: C, atLeast?: C) => boolean {
  const workOf = context.workOf ?? shape.workOf;
  if (workOf === undefined) return () => true;
  const { maxFlops, maxBytes } = context.limits ?? shape.limits ?? DEFAULT_COST_LIMITS;
  return (config, atLeast) => {
    const work = workOf(config);
    if (isWithinLimits(work, { maxFlops, maxBytes })) return true;
    if (atLeast === undefined) return false;
    const known = workOf(atLeast);
    return isWithinLimits(work, { maxFlops: Math.max(maxFlops, known.flops), maxBytes: Math.max(maxBytes, known.bytes) });
  };
}
