import { type AnyKernel, type BaseFeatureParser, dropLastBits, type KernelConfig, NnmError, type Registry } from '@nnm/core';

/** Features of one or several kernels that share a predictor. */
export interface FeatureTable {
  readonly names: readonly string[];
  /** Those that are the same whatever the configuration of these kernels. */
  readonly fixed: readonly string[];
  featuresOf(kernelType: string, config: KernelConfig): readonly number[];
  /** The configuration that a row of the table stands for. */
  configOf(kernelType: string, features: readonly number[]): KernelConfig;
}

/** Kernels of one family describe themselves by different features, so they cannot share a predictor. */
export class FeatureMismatchError extends NnmError {
  constructor(details: { kernel: string; has: readonly string[]; other: string; wants: readonly string[] }) {
    super({
      code: 'ERR_FEATURE_MISMATCH',
      message: `${details.kernel} has the features ${details.has.join(', ')}, but ${details.other} has ${details.wants.join(', ')}.`,
      hint: 'Build the predictor again with the installed plugins, or give kernels with other features a family of their own.',
      details,
    });
  }
}

/** A kernel's feature parser gave something else than its features. */
export class InvalidFeaturesError extends NnmError {
  constructor(details: { kernel: string; names: readonly string[]; got: string }) {
    super({
      code: 'ERR_INVALID_FEATURES',
      message: `The feature parser of ${details.kernel} must give a list of ${details.names.length} numbers (${details.names.join(', ')}). Got ${details.got}.`,
      hint: 'Correct `getFeatureByConfig` of the kernel; `nnm plugins check` tries it.',
      details,
    });
  }
}

/** Column that is 1 for rows of one kernel of a family and 0 for the others. */
const indicator = (kernelType: string): string => `IS:${kernelType}`;

/** The feature parser of a kernel. @throws {@link UnknownIdError} */
export function getFeatureParser(registry: Registry, kernelType: string): BaseFeatureParser {
  return registry.kernel(kernelType).features;
}

/** A kernel's features without what engines may disagree about: plugins compute them with whatever functions they like. */
function ownFeatures(kernel: AnyKernel, config: KernelConfig): readonly number[] {
  const features: unknown = kernel.features.getFeatureByConfig(config);
  const { featureNames } = kernel.features;
  if (!Array.isArray(features) || features.length !== featureNames.length) {
    throw new InvalidFeaturesError({
      kernel: kernel.type,
      names: featureNames,
      got: Array.isArray(features) ? `${features.length} of them` : typeof features,
    });
  }
  return features.map(dropLastBits);
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
    names: [...wants, ...indicators.map(indicator)],
    fixed: wants.filter((name) => kernels.every(({ features }) => features.fixedFeatures?.includes(name))),
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

/**
 * The feature vector of a configuration as a predictor with these feature names wants it.
 *
 * @throws {@link FeatureMismatchError} when the predictor was trained with other features than the kernel has now
 */
export function featuresForPredictor(kernel: AnyKernel, config: KernelConfig, featureNames: readonly string[]): readonly number[] {
  const own = kernel.features.featureNames;
  const rest = featureNames.slice(own.length);
  if (featureNames.slice(0, own.length).join() !== own.join() || !rest.every((name) => name.startsWith(indicator('')))) {
    throw new FeatureMismatchError({ kernel: kernel.type, has: own, other: 'the predictor', wants: featureNames });
  }
  return [...ownFeatures(kernel, config), ...rest.map((name) => Number(name === indicator(kernel.type)))];
}
