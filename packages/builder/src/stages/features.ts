import type { AnyKernel, BaseFeatureParser, KernelConfig, Registry } from '@nnm/core';
import { FeatureMismatchError, kernelIndicator, ownFeatures } from '@nnm/predictor';

/** Features of one or several kernels that share a predictor. */
export interface FeatureTable {
  readonly names: readonly string[];
  /** Those that are the same whatever the configuration of these kernels. */
  readonly fixed: readonly string[];
  /** Those of ways of computing, `pathFeatures` of the kernels' parsers. */
  readonly paths: readonly (readonly string[])[];
  featuresOf(kernelType: string, config: KernelConfig): readonly number[];
  /** The configuration that a row of the table stands for. */
  configOf(kernelType: string, features: readonly number[]): KernelConfig;
}

/** The feature parser of a kernel. @throws {@link UnknownIdError} */
export function getFeatureParser(registry: Registry, kernelType: string): BaseFeatureParser {
  return registry.kernel(kernelType).features;
}

/**
 * The features of kernels that are trained together: those of their parsers, and, for more than one kernel, a column per
 * kernel that says which one a row is.
 *
 * @throws {@link FeatureMismatchError} when their parsers disagree
 */
export function joinFeatures(kernels: readonly AnyKernel[]): FeatureTable {
  const [first] = kernels;
  const wants = first?.features.featureNames ?? [];
  for (const { type, features } of kernels) {
    if (features.featureNames.join() !== wants.join()) {
      throw new FeatureMismatchError({ kernel: type, has: features.featureNames, other: first?.type ?? '', wants });
    }
  }
  const indicators = kernels.length > 1 ? kernels.map(({ type }) => type) : [];
  const byType = new Map(kernels.map((kernel) => [kernel.type, kernel]));
  return {
    names: [...wants, ...indicators.map(kernelIndicator)],
    fixed: wants.filter((name) => kernels.every(({ features }) => features.fixedFeatures?.includes(name))),
    paths: first?.features.pathFeatures ?? [],
    featuresOf: (kernelType, config) => [
      ...ownFeatures(byType.get(kernelType) as AnyKernel, config),
      ...indicators.map((type) => Number(type === kernelType)),
    ],
    configOf: (kernelType, features) => {
      const config: KernelConfig = (byType.get(kernelType) as AnyKernel).features.getConfigByFeature(features.slice(0, wants.length));
      // Values are integers; a parser's inverse may have lost the last bits.
      return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, Math.round(value)]));
    },
  };
}
