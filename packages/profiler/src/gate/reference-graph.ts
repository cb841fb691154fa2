import { type Graph, GraphBuilder } from '@nnm/core';

/** Poolings in a row: two thirds of the reference's time. */
const POOLINGS = 6;

/**
 * The reference kernel of the contention gate, to be lowered by the backend that is measured.
 *
 * Who shares a core takes its instruction slots, its load ports and its caches. A convolution alone hardly notices: beside a busy hardware
 * thread that doubles the time of a pooling it may lose 2 %. So most of the reference is pooling on data of the first-level cache, and the
 * rest a convolution, which is bound by vector arithmetic. It is long enough for the clock and short enough to run between all others.
 */
export function referenceGraph(): Graph {
  const g = new GraphBuilder('profiler-reference');
  let x = g.input([1, 12, 12, 32]);
  for (let pooling = 0; pooling < POOLINGS; pooling++) x = g.avgPool(x, { kernelSize: 3 });
  return g.build(g.conv2d(x, 16, { kernelSize: 3, strides: 2 }));
}
