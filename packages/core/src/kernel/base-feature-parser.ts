import type { KernelConfig } from './config.ts';

/**
 * Turns a configuration into the numbers a regressor learns from, and back.
 *
 * `getConfigByFeature(getFeatureByConfig(config))` equals `config` for every valid configuration.
 */
export abstract class BaseFeatureParser<C extends KernelConfig = KernelConfig> {
  /** @param kernelType - the kernel's id, such as `conv-bn-relu` */
  constructor(readonly kernelType: string) {}

  /** The configuration keys a feature vector is made from. */
  abstract get neededConfig(): readonly (keyof C & string)[];

  /** Names of the features, in the order of the vector. `FLOPS`, `PARAMS` and `BYTES` are understood by analytic baselines. */
  abstract get featureNames(): readonly string[];

  /** Feature vector of a configuration, one finite number per entry of `featureNames`. */
  abstract getFeatureByConfig(config: C): readonly number[];

  /** The configuration of a feature vector. */
  abstract getConfigByFeature(feature: readonly number[]): C;
}
