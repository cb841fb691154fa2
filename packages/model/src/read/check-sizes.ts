import { countElements } from '@nnm/core';
import type { ModelGraph } from '../graph/model-graph.ts';
import { InvalidModelError } from './errors.ts';

/** Most elements of a value: runtimes count them in 31 bits, and no device holds more. */
const MOST_ELEMENTS = 2 ** 31 - 1;

/**
 * The model, unless a value of it is larger than any runtime could hold: sizes that are damaged, or too many at once.
 *
 * @throws {@link InvalidModelError}
 */
export function checkSizes(model: ModelGraph): ModelGraph {
  for (const { name, shape } of model.tensors.values()) {
    if (shape === undefined || countElements(shape) <= MOST_ELEMENTS) continue;
    throw new InvalidModelError({
      file: model.name,
      problem: `has the value "${name}" of the shape [${shape.join(', ')}], and no runtime holds more than ${MOST_ELEMENTS} elements in one`,
      hint: 'Give smaller sizes (`--shape`), or export it again.',
    });
  }
  return model;
}
