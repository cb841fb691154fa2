import { type AnyKernel, dropLastBits, type KernelConfig, NnmError } from '@nnm/core';

const INDICATOR = 'IS:';

/** Kernels of one family describe themselves by different features, so they cannot share a predictor. */
export class FeatureMismatchError extends NnmError {
  constructor(details: { kernel: string; has: readonly string[]; other: string; wants: readonly string[] }) {
    const { has, wants } = details;
    const different = [...has, ...wants].filter((name) => has.includes(name) !== wants.includes(name) && !name.startsWith(INDICATOR));
    super({
      code: 'ERR_FEATURE_MISMATCH',
      message: `The features of ${details.kernel} are not those of ${details.other}; what differs: ${different.join(', ') || 'their order'}.`,
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

/** Name of the column that is 1 for rows of one kernel of a family and 0 for the others. */
export function kernelIndicator(kernelType: string): string {
  return `${INDICATOR}${kernelType}`;
}

/** A kernel's features without what engines may disagree about: plugins compute them with whatever functions they like. */
export function ownFeatures(kernel: AnyKernel, config: KernelConfig): readonly number[] {
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
 * The feature vector of a configuration as a predictor with these feature names wants it.
 *
 * @throws {@link FeatureMismatchError} when the predictor was trained with other features than the kernel has now
 */
export function featuresForPredictor(kernel: AnyKernel, config: KernelConfig, featureNames: readonly string[]): readonly number[] {
  const own = kernel.features.featureNames;
  const rest = featureNames.slice(own.length);
  if (featureNames.slice(0, own.length).join() !== own.join() || !rest.every((name) => name.startsWith(INDICATOR))) {
    throw new FeatureMismatchError({ kernel: kernel.type, has: own, other: 'the predictor', wants: featureNames });
  }
  return [...ownFeatures(kernel, config), ...rest.map((name) => Number(name === kernelIndicator(kernel.type)))];
}
