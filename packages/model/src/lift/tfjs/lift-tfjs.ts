import type { ModelGraph } from '../../graph/model-graph.ts';
import type { LiftedModel } from '../lifted-model.ts';
import { liftAll } from '../tensorflow/lift-all.ts';
import { TFJS } from './dialect.ts';

/**
 * A TensorFlow.js model in core's words: fused activations and biases are what they are in TensorFlow Lite's, and so are operators that
 * together are one of core's.
 *
 * @throws {@link InvalidModelError} when the file says another shape than its operators have
 */
export const liftTfjs = (model: ModelGraph): LiftedModel => liftAll(model, TFJS);
