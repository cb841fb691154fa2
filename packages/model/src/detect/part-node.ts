import { type Graph, inferShapes, type Op, type Shape } from '@nnm/core';
import type { LiftedOp } from '../lift/lifted-model.ts';

/** An op with the shapes around it: what a part of a model and a kernel's graph are compared as. */
export type PartNode = Pick<LiftedOp, 'op' | 'inputShapes' | 'outputShapes' | 'constantInputs'>;

/** The ops of a kernel's graph; constants are not among them, they are known by the ops that read them. */
export function nodesOf(graph: Graph): readonly PartNode[] {
  const shapes = inferShapes(graph);
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').map(({ outputs }) => outputs[0] as string));
  const shapeOf = (name: string): Shape => shapes.get(name) as Shape;
  return graph.ops
    .filter(({ op }) => op !== 'constant')
    .map((op: Op) => ({
      op,
      inputShapes: op.inputs.map(shapeOf),
      outputShapes: op.outputs.map(shapeOf),
      constantInputs: op.inputs.flatMap((name, at) => (constants.has(name) ? [at] : [])),
    }));
}
