import type { Shape } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import type { TensorIndex } from './model-builder.ts';

/** `RESHAPE`. */
export function writeReshape({ model }: LoweringContext, x: TensorIndex, result: TensorIndex, shape: Shape): void {
  model.operator('RESHAPE', [x, model.integers([shape.length], shape)], [result], { type: 'ReshapeOptions', newShape: shape });
}
