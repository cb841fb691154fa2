import { InvalidArgumentError } from '../errors/index.ts';
import type { KernelConfig } from './config.ts';

/**
 * Turns a configuration into the numbers a regressor learns from, and back.
 *
 * `getConfigByFeature(getFeatureByConfig(config))` equals `config` for every valid configuration.
 */
export abstract class BaseFeatureParser<C extends KernelConfig = KernelConfig> {
  /** Features that are the same for every configuration of this kernel, there for others of its family; default none. */
  readonly fixedFeatures: readonly string[] = [];
  /**
   * Ways of computing, of which a runtime on one processor takes one or none, each by the features that describe it: a predictor learns from
   * those of the way that measurements follow, and from none where they follow none. A feature may belong to several. Default none.
   */
  readonly pathFeatures: readonly (readonly string[])[] = [];

  /** @param kernelType - the kernel's id, such as `conv-bn-relu` */
  constructor(readonly kernelType: string) {}

  /** The configuration keys a feature vector is made from; files of kernel data must have them. */
  abstract get neededConfig(): readonly (keyof C & string)[];

  /** Names of the features, in the order of the vector. `FLOPS`, `PARAMS` and `BYTES` are understood by analytic baselines. */
  abstract get featureNames(): readonly string[];

  /** Feature vector of a configuration, one finite number per entry of `featureNames`. */
  abstract getFeatureByConfig(config: C): readonly number[];

  /**
   * The configuration of a feature vector: how large errors are sampled around. Default: the features that are named as keys of
   * `neededConfig` are.
   *
   * @throws {@link InvalidArgumentError} when a key has no feature of its name, or the vector is not as long as `featureNames`
   */
  getConfigByFeature(feature: readonly number[]): C {
    const names = this.featureNames;
    if (feature.length !== names.length) {
      throw new InvalidArgumentError({
        name: 'feature',
        expected: `a vector of the ${names.length} features of ${this.kernelType} (${names.join(', ')})`,
        got: `${feature.length} numbers`,
      });
    }
    const missing = this.neededConfig.filter((key) => !names.includes(key));
    if (missing.length > 0) {
      throw new InvalidArgumentError({
        name: 'feature',
        expected: `a vector that a configuration of ${this.kernelType} can be read from`,
        got: `one without ${missing.join(', ')}`,
        hint: `Add features of these names, or write \`getConfigByFeature\` in the feature parser of ${this.kernelType}.`,
      });
    }
    return Object.fromEntries(this.neededConfig.map((key) => [key, feature[names.indexOf(key)]])) as C;
  }
}
