import type { Work } from '../graph/types.ts';
import { BaseFeatureParser, type KernelConfig } from '../kernel/index.ts';

/** One feature beyond the configuration and its work. */
export type Feature<C extends KernelConfig> = (config: C, work: Work) => number;

/** What a {@link ConfigFeatureParser} is made of. */
export interface ConfigFeatureOptions<C extends KernelConfig> {
  /** The kernel's id. */
  readonly kernelType: string;
  /** Every key of the configuration, in the order of the vector; a key may stand twice, as `HW CIN CIN` of the add kernels. */
  readonly keys: readonly (keyof C & string)[];
  /** Work of a configuration: a closed formula, or {@link blockWork} of the kernel's block. */
  readonly work: (config: C) => Work;
  /** Further features by name. Default: none. */
  readonly extra?: Readonly<Record<string, Feature<C>>>;
  /** Which of the further features are `pathFeatures`, by the ways of computing that they describe. Default: none. */
  readonly paths?: readonly (readonly string[])[];
  /** Further features that are the same for every configuration, there for others of the family. Default: none. */
  readonly fixed?: Readonly<Record<string, number>>;
}

/**
 * The feature parser of every built-in kernel: the configuration's values, then `FLOPS`, `PARAMS` and `BYTES` (counts,
 * unscaled, of batch 1), then the kernel's own extras. The configuration stands in the vector, so the inverse is exact.
 *
 * @example
 * const parser = new ConfigFeatureParser<{ HW: number; CIN: number }>({ kernelType: 'relu', keys: ['HW', 'CIN'], work: blockWork(ReluBlock) });
 * parser.getFeatureByConfig({ HW: 56, CIN: 64 }); // [56, 64, 200704, 0, 1605632]
 */
export class ConfigFeatureParser<C extends KernelConfig> extends BaseFeatureParser<C> {
  override readonly neededConfig: readonly (keyof C & string)[];
  override readonly featureNames: readonly string[];
  override readonly fixedFeatures: readonly string[];
  override readonly pathFeatures: readonly (readonly string[])[];
  private readonly work: (config: C) => Work;
  private readonly extra: readonly Feature<C>[];
  private readonly fixed: readonly number[];

  /** @param options - keys, work and extra features */
  constructor(options: ConfigFeatureOptions<C>) {
    super(options.kernelType);
    const extra = Object.entries(options.extra ?? {});
    this.neededConfig = options.keys;
    this.featureNames = [...options.keys, 'FLOPS', 'PARAMS', 'BYTES', ...extra.map(([name]) => name), ...Object.keys(options.fixed ?? {})];
    this.fixedFeatures = Object.keys(options.fixed ?? {});
    this.pathFeatures = options.paths ?? [];
    this.fixed = Object.values(options.fixed ?? {});
    this.work = options.work;
    this.extra = extra.map(([, feature]) => feature);
  }

  override getFeatureByConfig(config: C): readonly number[] {
    const work = this.work(config);
    const features = new Array<number>(this.featureNames.length);
    let at = 0;
    for (const key of this.neededConfig) features[at++] = config[key] as number;
    features[at++] = work.flops;
    features[at++] = work.params;
    features[at++] = work.bytes;
    for (const feature of this.extra) features[at++] = feature(config, work);
    for (const value of this.fixed) features[at++] = value;
    return features;
  }
}
