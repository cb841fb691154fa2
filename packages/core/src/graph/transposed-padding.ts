import type { Implement, Padding, Padding2d, Size2d } from './values.ts';

/** Height and width of what a transposed convolution makes of an image. */
export function transposedOutputSize(padding: Padding, size: Size2d, kernelSize: Size2d, strides: Size2d): Size2d {
  const { top, bottom, left, right } = resolveTransposedPadding(padding, 'tensorflow', kernelSize, strides);
  return [(size[0] - 1) * strides[0] + kernelSize[0] - top - bottom, (size[1] - 1) * strides[1] + kernelSize[1] - left - right];
}

/**
 * Pixels that are cut off the full result of a transposed convolution; negative ones, at the end, are added.
 *
 * `same` gives the output size `size * stride` under both frameworks. TensorFlow cuts the odd pixel off the end, PyTorch,
 * whose modules have `padding = ceil((kernel - stride) / 2)` and the rest as `output_padding`, off the beginning.
 */
export function resolveTransposedPadding(padding: Padding, implement: Implement, kernelSize: Size2d, strides: Size2d): Padding2d {
  if (padding === 'valid') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (padding !== 'same') return padding;
  const [top, bottom] = resolveSame(kernelSize[0] - strides[0], implement);
  const [left, right] = resolveSame(kernelSize[1] - strides[1], implement);
  return { top, bottom, left, right };
}

function resolveSame(total: number, implement: Implement): readonly [number, number] {
  const before = Math.max(0, implement === 'torch' ? Math.ceil(total / 2) : Math.floor(total / 2));
  return [before, total - before];
}
