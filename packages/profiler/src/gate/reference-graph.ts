import { type AnyBackend, type Graph, GraphBuilder } from '@nnm/core';

/** Poolings in a row and their windows, pixels: two thirds of the reference's time. */
const SHORT = { poolings: 6, window: 3 };
/** Their computing outweighs the calls of JavaScript between them. */
const LONG = { poolings: 4, window: 11 };

/**
 * The reference kernel of the contention gate, to be lowered by the backend that is measured.
 *
 * Who shares a core takes its instruction slots, its load ports and its caches. A convolution alone hardly notices: beside a busy hardware
 * thread that doubles the time of a pooling it may lose 2 %. So most of the reference is pooling on data of the first-level cache, and the
 * rest a convolution, which is bound by vector arithmetic. It is long enough for the clock and short enough to run between all others.
 */
export function referenceGraph({ startsOperatorsInJavaScript = false }: Pick<AnyBackend, 'startsOperatorsInJavaScript'>): Graph {
  const { poolings, window } = startsOperatorsInJavaScript ? LONG : SHORT;
  const g = new GraphBuilder('profiler-reference');
  let x = g.input([1, 12, 12, 32]);
  for (let pooling = 0; pooling < poolings; pooling++) x = g.avgPool(x, { kernelSize: window });
  return g.build(g.conv2d(x, 16, { kernelSize: 3, strides: 2 }));
}
