import { type AnyKernel, type Graph, kernelFamily } from '@nnm/core';
import { detectKernels } from '../detect/detect-kernels.ts';
import { modelReorders } from '../detect/model-reorders.ts';
import { Recogniser } from '../detect/recognise.ts';
import type { LiftedModel } from '../lift/lifted-model.ts';
import { bundleRules, ruleProblems } from './bundle-rules.ts';
import type { ModelPrediction } from './model-prediction.ts';
import { type Detector, type ModelPredictor, modelPredictorWith, type PredictModelOptions } from './predict-model.ts';

/**
 * Predict many models with one bundle: what kernels look like is learned once.
 *
 * @example
 * const predictor = modelPredictor({ bundle: parseBundle(text), registry });
 * for (const candidate of candidates) console.log(predictor.predict(candidate).total.latencyMs);
 */
export function modelPredictor(options: PredictModelOptions): ModelPredictor {
  const rules = bundleRules(options.bundle);
  const recogniser = new Recogniser(options.registry.kernels.map(({ value }) => value));
  const notes = ruleProblems(options.bundle, rules);
  const mayJoin = (kernel: AnyKernel): boolean => options.bundle.predictors.has(kernelFamily(kernel));
  const detect: Detector = (lifted) => {
    const kernels = detectKernels(lifted, rules, recogniser, mayJoin);
    return [...kernels, ...modelReorders(lifted, rules, kernels)];
  };
  return modelPredictorWith(detect, options, notes);
}

/**
 * Predict one model; of many, {@link modelPredictor} is faster.
 *
 * @param model - what `liftModel` made of a file, or a kernel graph
 * @throws what {@link ModelPredictor.predict} throws
 */
export function predictModel(model: LiftedModel | Graph, options: PredictModelOptions): ModelPrediction {
  return modelPredictor(options).predict(model);
}
