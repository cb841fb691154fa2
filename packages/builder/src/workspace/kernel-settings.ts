import type { CostLimits } from '@nnm/core';
import type { TrainingSettings } from './training-settings.ts';

/** How one kernel's predictor is built. */
export interface KernelBuildSettings {
  /** Configurations of the initial round, drawn from the prior. */
  readonly initSampleNum: number;
  /** New configurations around each large error in every further round. */
  readonly finegrainedSampleNum: number;
  /** Rounds in all: the initial one and `iteration - 1` of adaptive sampling. */
  readonly iteration: number;
  /** Relative error above which a configuration is sampled around, such as 0.1. */
  readonly errorThreshold: number;
  /** Further prior configurations that only grade; they never steer sampling. */
  readonly holdoutSampleNum: number;
  /** `joint` keeps the structure of known layers, `marginal` draws every dimension on its own. */
  readonly sampling: 'joint' | 'marginal';
  /** Configurations with more work than this are not sampled; absent means `DEFAULT_COST_LIMITS`. */
  readonly limits?: CostLimits;
  /**
   * Where further rounds sample: `uncertainty` where a committee of models disagrees and errs, `original` around each large validation
   * error, as the original method does. Both take `finegrainedSampleNum` configurations for each large error.
   */
  readonly adaptive: AdaptiveRule;
  /** How predictors are trained; absent means the default. */
  readonly training?: TrainingSettings;
}

/** Rules of adaptive sampling. */
export type AdaptiveRule = (typeof ADAPTIVE_RULES)[number];

/** The ids of {@link AdaptiveRule}. */
export const ADAPTIVE_RULES = ['uncertainty', 'original'] as const;

/** Values of a kernel that says nothing else, as in the original method but for the hold-out. */
export const DEFAULT_KERNEL_SETTINGS: KernelBuildSettings = {
  initSampleNum: 1000,
  finegrainedSampleNum: 10,
  iteration: 5,
  errorThreshold: 0.1,
  holdoutSampleNum: 200,
  sampling: 'joint',
  adaptive: 'uncertainty',
};

/** Configurations per kernel and round; more would not fit into memory and would take years to measure. */
export const MAX_SAMPLE_NUM = 1_000_000;

/** Default size of the hold-out: a fifth of the initial round, at least 20. */
export function defaultHoldout(initSampleNum: number): number {
  return Math.max(20, Math.round(initSampleNum / 5));
}
