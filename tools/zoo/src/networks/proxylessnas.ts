import type { Graph } from '@nnm/core';
import { invertedResidual } from '../inverted-residual.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Filters and first stride of each stage, then kernel size and expansion of its blocks. */
const STAGES: readonly { filters: number; strides: number; blocks: readonly (readonly [kernelSize: number, expansion: number])[] }[] = [
  { filters: 16, strides: 1, blocks: [[3, 1]] },
  {
    filters: 32,
    strides: 2,
    blocks: [
      [5, 3],
      [3, 3],
    ],
  },
  {
    filters: 40,
    strides: 2,
    blocks: [
      [7, 3],
      [3, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 80,
    strides: 2,
    blocks: [
      [7, 6],
      [5, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 96,
    strides: 1,
    blocks: [
      [5, 6],
      [5, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 192,
    strides: 2,
    blocks: [
      [7, 6],
      [7, 6],
      [7, 3],
      [7, 3],
    ],
  },
  { filters: 320, strides: 1, blocks: [[7, 6]] },
];

/** ProxylessNAS (mobile) as its authors' PyTorch code has it. */
export function proxylessnasMobile(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  let x = b.conv(b.input(batchSize, inputSize), 32, { kernelSize: 3, strides: 2, activation: 'relu6' });
  for (const { filters, strides, blocks } of STAGES) {
    blocks.forEach(([kernelSize, expansion], index) => {
      x = invertedResidual(b, x, {
        filters,
        kernelSize,
        strides: index === 0 ? strides : 1,
        expanded: expansion * x.channels,
        activation: 'relu6',
      });
    });
  }
  return b.build(b.dense(b.globalPool(b.conv(x, 1280, { kernelSize: 1, activation: 'relu6' })), 1000));
}
