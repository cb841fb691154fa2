import type { Work } from '../graph/types.ts';
import type { Rng } from '../random/index.ts';
import type { KernelConfig } from './config.ts';

/** What a sampler is given besides the number of samples. */
export interface SamplingContext<C extends KernelConfig = KernelConfig> {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Keys (see `configKey`) of configurations that must not be returned, such as measured ones. */
  readonly exclude?: ReadonlySet<string>;
  /** `joint` (default) keeps the structure of known layers; `marginal` draws every dimension on its own, as nn-Meter does. */
  readonly mode?: 'joint' | 'marginal';
  /**
   * Prior sampling returns configurations like known layers only, and fewer when draws bring no new ones: for candidates, of which
   * there may be fewer. Default false: the rest of the space makes up the number.
   */
  readonly likePrior?: boolean;
  /**
   * Among what prior sampling returns are the layers of known networks with the least and the most of each dimension: for rows that a predictor
   * learns from, whose ends are the ends of what it can answer. Default false; `marginal` has none.
   */
  readonly outermost?: boolean;
  /** Upper limits of a sampled kernel's work; without them a sampler uses its own. */
  readonly limits?: CostLimits;
  /** Work of a configuration, for the limits; the pipeline fills it from the kernel's block. */
  readonly workOf?: (config: C) => Work;
}

/** Configurations above either limit are not sampled. */
export interface CostLimits {
  readonly maxFlops: number;
  readonly maxBytes: number;
}

/**
 * Chooses the configurations of a kernel that are measured.
 *
 * Both methods return exactly `sampleNum` distinct configurations (per given configuration for fine-grained sampling)
 * whenever the space holds that many, fewer otherwise; equal seeds give equal lists on every platform.
 */
export abstract class BaseConfigSampler<C extends KernelConfig = KernelConfig> {
  /** `sampleNum` configurations that look like those of known models. */
  abstract priorConfigSampling(sampleNum: number, context: SamplingContext<C>): readonly C[];

  /** `sampleNum` configurations around each of `configs`, with every dimension fixed but the channels. */
  abstract finegrainedConfigSampling(sampleNum: number, configs: readonly C[], context: SamplingContext<C>): readonly C[];
}
