import type { ModelGraph } from '../../graph/model-graph.ts';
import type { LiftedModel } from '../lifted-model.ts';
import { liftAll } from '../tensorflow/lift-all.ts';
import { TFLITE } from './dialect.ts';

/**
 * A TensorFlow Lite model in core's words. An activation that an operator has fused into it is an op of its own, and operators that
 * spell out one function (normalisations, swish, groups of convolutions) are one op together.
 *
 * The batch size is the first size of the first input.
 *
 * @throws {@link InvalidModelError} when the file says another shape than its operators have
 */
export const liftTflite = (model: ModelGraph): LiftedModel => liftAll(model, TFLITE);
