import { type Padding, type Padding2d, resolvePadding, type Size2d, windowOutputSize } from '@nnm/core';
import type { PaddingSchemeName } from '../flatbuffer/schema.ts';

/** How a window's padding is written: as a scheme of the operator, or as pixels put round its input first. */
export type LoweredPadding =
  | { readonly scheme: PaddingSchemeName; readonly pixels?: undefined }
  | { readonly scheme: 'VALID'; readonly pixels: Padding2d };

/**
 * TensorFlow Lite knows `SAME` and `VALID` only. Explicit pixels become one of them when the windows see the same pixels.
 *
 * @param size - `[height, width]` of the input
 */
export function lowerPadding(padding: Padding, size: Size2d, kernelSize: Size2d, strides: Size2d): LoweredPadding {
  if (padding === 'valid') return { scheme: 'VALID' };
  const pixels = resolvePadding(padding, 'tensorflow', size, kernelSize, strides);
  const output = windowOutputSize(padding, size, kernelSize, strides);
  const schemes = skipsPixels(size, kernelSize, strides, output) ? (['valid'] as const) : (['same', 'valid'] as const);
  for (const scheme of schemes) {
    const own = resolvePadding(scheme, 'tensorflow', size, kernelSize, strides);
    const ownOutput = windowOutputSize(scheme, size, kernelSize, strides);
    // What lies after the last window does not matter, so bottom and right may differ.
    if (own.top === pixels.top && own.left === pixels.left && ownOutput[0] === output[0] && ownOutput[1] === output[1]) {
      return { scheme: scheme === 'same' ? 'SAME' : 'VALID' };
    }
  }
  return { scheme: 'VALID', pixels };
}

/**
 * True when windows further apart than they are wide leave pixels over after the last one. `SAME` needs no padding there, but
 * XNNPACK of 2.9 computes a negative amount (`(output - 1) * stride + kernel - size`), takes it for a huge one and reads
 * nothing but padding: 3x3 with stride 4 on 56x56, say.
 */
function skipsPixels(size: Size2d, kernelSize: Size2d, strides: Size2d, output: Size2d): boolean {
  return [0, 1].some((axis) => (output[axis]! - 1) * strides[axis]! + kernelSize[axis]! < size[axis]!);
}

/**
 * Factors that turn an average over whole windows into one over the window's real pixels, `[outputHeight * outputWidth]`;
 * 0 where a window lies in the padding altogether.
 */
export function averageCorrection(pixels: Padding2d, size: Size2d, kernelSize: Size2d, strides: Size2d): Float32Array {
  const [outputHeight, outputWidth] = windowOutputSize(pixels, size, kernelSize, strides);
  const rows = realPixels(outputHeight, size[0], pixels.top, kernelSize[0], strides[0]);
  const columns = realPixels(outputWidth, size[1], pixels.left, kernelSize[1], strides[1]);
  const area = kernelSize[0] * kernelSize[1];
  return Float32Array.from({ length: outputHeight * outputWidth }, (_, index) => {
    const count = rows[Math.floor(index / outputWidth)]! * columns[index % outputWidth]!;
    return count === 0 ? 0 : area / count;
  });
}

/** Per output position of one dimension, how many real pixels its window covers. */
function realPixels(outputs: number, size: number, before: number, kernel: number, stride: number): readonly number[] {
  return Array.from({ length: outputs }, (_, index) => {
    const start = index * stride - before;
    return Math.max(0, Math.min(size, start + kernel) - Math.max(0, start));
  });
}
