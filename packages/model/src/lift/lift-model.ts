import { InvalidArgumentError } from '@nnm/core';
import type { ModelFormat, ModelGraph } from '../graph/model-graph.ts';
import type { LiftedModel } from './lifted-model.ts';
import { liftOnnx } from './onnx/lift-onnx.ts';
import { liftTfjs } from './tfjs/lift-tfjs.ts';
import { liftTflite } from './tflite/lift-tflite.ts';

/** What says each format in core's words. */
const LIFTS: Partial<Record<ModelFormat, (model: ModelGraph) => LiftedModel>> = { onnx: liftOnnx, tflite: liftTflite, tfjs: liftTfjs };

/**
 * Say a model in core's words, node by node; what core has no words for is a named gap.
 *
 * @throws {@link InvalidModelError} when its nodes contradict each other
 */
export function liftModel(model: ModelGraph): LiftedModel {
  const lift = LIFTS[model.format];
  if (lift === undefined)
    throw new InvalidArgumentError({ name: 'model.format', expected: Object.keys(LIFTS).join(' or '), got: model.format });
  return lift(model);
}
