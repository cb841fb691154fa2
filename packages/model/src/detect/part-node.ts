import { countElements, type Graph, inferShapes, type Op, type OpNamed, type Shape } from '@nnm/core';
import type { LiftedOp } from '../lift/lifted-model.ts';

/** An op with the shapes around it: what a part of a model and a kernel's graph are compared as. */
export type PartNode = Pick<LiftedOp, 'op' | 'inputShapes' | 'outputShapes' | 'constantInputs'> & {
  /** Of a power with one number as its exponent: a square takes another time than a cube. */
  readonly exponent?: number | undefined;
};

/** The ops of a kernel's graph; constants are not among them, they are known by the ops that read them. */
export function nodesOf(graph: Graph): readonly PartNode[] {
  const shapes = inferShapes(graph);
  const constants = new Map(graph.ops.flatMap((op) => (op.op === 'constant' ? [[op.outputs[0] as string, op] as const] : [])));
  const shapeOf = (name: string): Shape => shapes.get(name) as Shape;
  return graph.ops
    .filter(({ op }) => op !== 'constant')
    .map((op: Op) => ({
      op,
      inputShapes: op.inputs.map(shapeOf),
      outputShapes: op.outputs.map(shapeOf),
      constantInputs: op.inputs.flatMap((name, at) => (constants.has(name) ? [at] : [])),
      ...(op.op === 'pow' && { exponent: numberIn(constants.get(op.inputs[1] as string)) }),
    }));
}

const numberIn = (constant: OpNamed<'constant'> | undefined): number | undefined =>
  constant !== undefined && constant.spread === 0 && countElements(constant.shape) === 1 ? constant.center : undefined;
