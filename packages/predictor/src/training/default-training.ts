import { InvalidArgumentError } from '@nnm/core';
import type { TargetId } from '../predict/target.ts';

/** Which regressor learns which target, with which options. */
export interface TrainingPreset {
  readonly regressor: string;
  readonly target: TargetId;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What `trainPredictor` uses unless told otherwise: the best by cross-validation on real measurements, see `npm run bench -- regressors`. */
export const DEFAULT_TRAINING: TrainingPreset = { regressor: 'gradient-boosting', target: 'log-residual', options: { clip: 0.9 } };

/** Named choices of {@link TrainingPreset}. */
export const TRAINING_PRESETS: Readonly<Record<'default' | 'paper', TrainingPreset>> = {
  default: DEFAULT_TRAINING,
  // What the published method used for convolutions on a CPU: a forest on latency itself.
  paper: {
    regressor: 'random-forest',
    target: 'raw',
    options: { nEstimators: 320, maxDepth: 70, maxFeatures: 6, minSamplesLeaf: 1, minSamplesSplit: 2 },
  },
};

/** @throws {@link InvalidArgumentError} listing the presets */
export function findPreset(name: string): TrainingPreset {
  const preset = (TRAINING_PRESETS as Readonly<Record<string, TrainingPreset>>)[name];
  if (preset === undefined) {
    throw new InvalidArgumentError({ name: 'preset', expected: `one of ${Object.keys(TRAINING_PRESETS).join(', ')}`, got: name });
  }
  return preset;
}
