import type { Implement, Padding, Padding2d, Size2d } from './values.ts';

/** Pixels that a dilated window spans: `(kernel - 1) * dilation + 1`. */
export const dilatedSize = (kernelSize: Size2d, dilation: Size2d = [1, 1]): Size2d => [
  (kernelSize[0] - 1) * dilation[0] + 1,
  (kernelSize[1] - 1) * dilation[1] + 1,
];

/** Output size of one dimension under `same` padding: `ceil(size / stride)`. */
const sameOutput = (size: number, stride: number): number => Math.ceil(size / stride);

/**
 * Where the pixels of `padding` go under a framework's conventions.
 *
 * `same` gives the output size `ceil(size / stride)` under both. TensorFlow pads as little as that needs, the odd pixel
 * after. A PyTorch module pads symmetrically with `floor(kernel / 2)`; where symmetric padding cannot give that size (even
 * kernels), the TensorFlow rule is used, as an exported model with an explicit `ZeroPad2d` would have it.
 *
 * @param size - `[height, width]` of the input
 * @param kernelSize - what the window spans; see {@link dilatedSize} for a dilated one
 */
export function resolvePadding(padding: Padding, implement: Implement, size: Size2d, kernelSize: Size2d, strides: Size2d): Padding2d {
  if (padding === 'valid') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (padding !== 'same') return padding;
  const [top, bottom] = resolveSame(implement, size[0], kernelSize[0], strides[0]);
  const [left, right] = resolveSame(implement, size[1], kernelSize[1], strides[1]);
  return { top, bottom, left, right };
}

function resolveSame(implement: Implement, size: number, kernel: number, stride: number): readonly [number, number] {
  const half = Math.floor(kernel / 2);
  if (implement === 'torch' && Math.floor((size + 2 * half - kernel) / stride) + 1 === sameOutput(size, stride)) return [half, half];
  const total = Math.max(0, (sameOutput(size, stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** `[height, width]` of the output of a convolution or pooling; the same under every framework. */
export function windowOutputSize(padding: Padding, size: Size2d, kernelSize: Size2d, strides: Size2d): Size2d {
  if (padding === 'same') return [sameOutput(size[0], strides[0]), sameOutput(size[1], strides[1])];
  const { top, bottom, left, right } = resolvePadding(padding, 'tensorflow', size, kernelSize, strides);
  return [
    Math.floor((size[0] + top + bottom - kernelSize[0]) / strides[0]) + 1,
    Math.floor((size[1] + left + right - kernelSize[1]) / strides[1]) + 1,
  ];
}

/** True when a window with this padding sees the same pixels under every framework, so that both define one function. */
export function samePixelsEverywhere(padding: Padding, size: Size2d, kernelSize: Size2d, strides: Size2d): boolean {
  const tensorflow = resolvePadding(padding, 'tensorflow', size, kernelSize, strides);
  const torch = resolvePadding(padding, 'torch', size, kernelSize, strides);
  return tensorflow.top === torch.top && tensorflow.left === torch.left;
}
