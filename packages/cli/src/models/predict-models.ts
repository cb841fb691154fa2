import { type Graph, kernelFamily, NnmError, type Registry } from '@nnm/core';
import { type DetectedKernel, type LiftedModel, type MeasuredParts, type ModelPrediction, modelPredictor } from '@nnm/model';
import type { ModelPredictors } from './open-predictors.ts';

/** How models are predicted. */
export interface PredictModelsOptions {
  readonly registry: Registry;
  /** Measures parts; absent where nothing is to be measured. */
  readonly measure?: ((graphs: readonly Graph[]) => Promise<MeasuredParts>) | undefined;
}

/** Predictions of models by one bundle or workspace. */
export interface PredictedModels {
  /** One per model: what it takes, or why that cannot be said. */
  readonly predictions: readonly (ModelPrediction | NnmError)[];
  /** Parts that could not be measured, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Predict models. What has no predictor, and what its predictor has seen nothing like, is measured where that is wanted, and else
 * estimated; a workspace's estimate, which takes seconds, is made only when something needs it.
 */
export async function predictModels(
  models: readonly LiftedModel[],
  { bundle, fitEstimate }: ModelPredictors,
  { registry, measure }: PredictModelsOptions,
): Promise<PredictedModels> {
  const finder = modelPredictor({ bundle, registry });
  const parts = models.map((model) => finder.detect(model));
  const needsEstimate = fitEstimate !== undefined && parts.flat().some((part) => !hasPredictor(part, bundle.predictors, registry));
  const estimate = needsEstimate ? await fitEstimate() : bundle.estimate;
  const options = { bundle: { ...bundle, estimate }, registry };
  const predictor = modelPredictor(options);
  const unmeasured = models.map((model) => attempt(() => predictor.predict(model)));
  if (measure === undefined) return { predictions: unmeasured, problems: [] };
  const graphs = parts.flatMap((kernels, m) =>
    kernels.flatMap((kernel, k) => (isUncertain(unmeasured[m]!, k) ? (kernel.graph ?? []) : [])),
  );
  const { measured, problems } = await measure(graphs);
  const measuring = modelPredictor({ ...options, measured });
  return { predictions: models.map((model) => attempt(() => measuring.predict(model))), problems };
}

function hasPredictor(part: DetectedKernel, predictors: ReadonlyMap<string, unknown>, registry: Registry): boolean {
  const match = part.match ?? part.nearest;
  return match !== undefined && predictors.has(kernelFamily(registry.kernel(match.kernel)));
}

/** What is estimated, guessed or not known at all; everything of a model that cannot be predicted. */
function isUncertain(prediction: ModelPrediction | NnmError, part: number): boolean {
  if (NnmError.isInstance(prediction)) return true;
  const { price } = prediction.kernels[part]!;
  return price?.source !== 'predictor' || price.doubts.length > 0;
}

function attempt<T>(predict: () => T): T | NnmError {
  try {
    return predict();
  } catch (error) {
    if (NnmError.isInstance(error)) return error as NnmError;
    throw error;
  }
}
