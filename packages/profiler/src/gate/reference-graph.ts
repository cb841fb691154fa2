import type { Graph } from '@nnm/core';

/**
 * The reference kernel of the contention gate, to be lowered by the backend that is measured.
 *
 * A 3x3 convolution of about 4 million operations: long enough for the clock, short enough to run between all others, and
 * bound by vector throughput, which is what a neighbour on the sibling hardware thread takes away.
 */
export function referenceGraph(): Graph {
  return {
    schemaVersion: 1,
    name: 'profiler-reference',
    seed: 1,
    inputs: [{ id: 'input', shape: [1, 10, 10, 48] }],
    ops: [
      {
        op: 'conv2d',
        inputs: ['input'],
        outputs: ['output'],
        filters: 48,
        kernelSize: [3, 3],
        strides: [1, 1],
        padding: 'same',
        groups: 1,
        useBias: true,
      },
    ],
    outputs: ['output'],
  };
}
