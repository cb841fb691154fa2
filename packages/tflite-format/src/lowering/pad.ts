import type { Padding2d, Shape } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import type { TensorIndex } from './model-builder.ts';

/** The lowest float32, which never wins a maximum. */
const LOWEST = -3.4028234663852886e38;

/**
 * Put pixels round `[n, h, w, c]`: zeros with `PAD`, which delegates support, or the lowest number with `PADV2`.
 *
 * @param name - of the op that needs it, to name the padded tensor by
 */
export function padInput(
  { model }: LoweringContext,
  x: TensorIndex,
  shape: Shape,
  { top, bottom, left, right }: Padding2d,
  name: string,
  fill: 'zero' | 'lowest' = 'zero',
): TensorIndex {
  const [n, h, w, c] = shape as readonly [number, number, number, number];
  const padded = model.value(`${name}/padded`, [n, h + top + bottom, w + left + right, c]);
  const pixels = model.integers([4, 2], [0, 0, top, bottom, left, right, 0, 0]);
  if (fill === 'zero') model.operator('PAD', [x, pixels], [padded], { type: 'PadOptions' });
  else model.operator('PADV2', [x, pixels, model.scalar(LOWEST)], [padded], { type: 'PadV2Options' });
  return padded;
}
