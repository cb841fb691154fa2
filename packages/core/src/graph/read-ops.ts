import type { Graph, Op } from './types.ts';

/** The ops whose results reach an output of the graph, in their order. */
export function readOps({ ops, outputs }: Graph): readonly Op[] {
  const read = new Set(outputs);
  const reaching: Op[] = [];
  for (const op of [...ops].reverse()) {
    if (!op.outputs.some((id) => read.has(id))) continue;
    for (const id of op.inputs) read.add(id);
    reaching.unshift(op);
  }
  return reaching;
}
