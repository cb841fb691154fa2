import { type Graph, GraphBuilder } from '@nnm/core';

/** The model that a program is tried with where the engine sends no reference: XNNPACK runs it where that is on. */
export function trialGraph(): Graph {
  const g = new GraphBuilder('trial');
  return g.build(g.avgPool(g.input([1, 8, 8, 8]), { kernelSize: 2 }));
}
