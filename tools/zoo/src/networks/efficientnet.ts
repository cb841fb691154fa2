import type { Graph } from '@nnm/core';
import { invertedResidual } from '../inverted-residual.ts';
import { type Conventions, NetworkBuilder, TORCHVISION } from '../network-builder.ts';

/** Expansion, kernel size, first stride, filters and repeats of the stages of B0 and Lite0. */
const STAGES: readonly (readonly [expansion: number, kernelSize: number, strides: number, filters: number, repeats: number])[] = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
];

/** EfficientNet-B0 as torchvision has it: swish, squeeze and excitation to a quarter of the block's input channels. */
export function efficientnetB0(name: string, batchSize: number, inputSize: number): Graph {
  return efficientnet(name, batchSize, inputSize, { conventions: TORCHVISION, activation: 'swish', withSqueeze: true });
}

/** EfficientNet-Lite0 as its authors' TensorFlow code has it: ReLU6, no squeeze and excitation. */
export function efficientnetLite0(name: string, batchSize: number, inputSize: number): Graph {
  const conventions: Conventions = { padding: 'tensorflow', epsilon: 1e-3 };
  return efficientnet(name, batchSize, inputSize, { conventions, activation: 'relu6', withSqueeze: false });
}

interface Variant {
  readonly conventions: Conventions;
  readonly activation: 'swish' | 'relu6';
  readonly withSqueeze: boolean;
}

function efficientnet(name: string, batchSize: number, inputSize: number, { conventions, activation, withSqueeze }: Variant): Graph {
  const b = new NetworkBuilder(name, conventions);
  let x = b.conv(b.input(batchSize, inputSize), 32, { kernelSize: 3, strides: 2, activation });
  for (const [expansion, kernelSize, strides, filters, repeats] of STAGES) {
    for (let index = 0; index < repeats; index++) {
      x = invertedResidual(b, x, {
        filters,
        kernelSize,
        strides: index === 0 ? strides : 1,
        expanded: expansion * x.channels,
        activation,
        ...(withSqueeze && { squeezeExcite: { squeezed: Math.floor(x.channels / 4), activation, gate: 'sigmoid' } }),
      });
    }
  }
  return b.build(b.dense(b.globalPool(b.conv(x, 1280, { kernelSize: 1, activation })), 1000));
}
