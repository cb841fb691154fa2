import { countWork, type Graph, inferShapes, OPERATORS, type Op, type Shape, type Shapes, type Work } from '@nnm/core';

/** The names of {@link OperatorClass}. */
export const OPERATOR_CLASSES = ['conv', 'pointwise', 'depthwise', 'matrix', 'pool', 'rows', 'elementwise', 'movement'] as const;

/** What the time of a part is spent on, roughly: parts of one class cost alike per operation and per byte. */
export type OperatorClass = (typeof OPERATOR_CLASSES)[number];

const BY_OPERATOR: Readonly<Record<string, OperatorClass>> = {
  transposedConv2d: 'conv',
  depthwiseConv2d: 'depthwise',
  dense: 'matrix',
  matmul: 'matrix',
  maxPool: 'pool',
  avgPool: 'pool',
  globalAvgPool: 'pool',
  resize: 'pool',
  ...group('rows', 'softmax', 'logSoftmax', 'layerNorm', 'rmsNorm', 'groupNorm', 'instanceNorm', 'l2Normalize', 'argMax'),
  ...group('rows', 'reduceMean', 'reduceSum', 'reduceMax'),
  ...group('movement', 'channelShuffle', 'concat', 'depthToSpace', 'expandDims', 'flatten', 'gather', 'pack', 'pad', 'reshape', 'slice'),
  ...group('movement', 'spaceToDepth', 'split', 'squeeze', 'stridedSlice', 'tile', 'transpose', 'unpack', 'constant'),
};

function group(name: OperatorClass, ...operators: readonly string[]): Readonly<Record<string, OperatorClass>> {
  return Object.fromEntries(operators.map((operator) => [operator, name]));
}

/** Work of a part and the class of the operator that most of it is. */
export interface ClassifiedWork extends Work {
  readonly class: OperatorClass;
}

/**
 * Count a part's work (as `countWork` does) and say which class it belongs to: that of the operator with most operations.
 *
 * @param shapes - of the graph's values, for who knows them already
 */
export function classifyWork(graph: Graph, shapes: Shapes = inferShapes(graph)): ClassifiedWork {
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  let most = -1;
  let heaviest: OperatorClass = 'movement';
  for (const op of graph.ops) {
    const opClass = classOf(op);
    // A movement counts no operations: it decides only where nothing else is done.
    if (opClass === 'movement') continue;
    const flops = OPERATORS.get(op.op)!.flops(op, op.inputs.map(shapeOf), op.outputs.map(shapeOf));
    if (flops > most) [most, heaviest] = [flops, opClass];
  }
  return { ...countWork(graph, shapes), class: heaviest };
}

function classOf(op: Op): OperatorClass {
  if (op.op === 'conv2d') return op.kernelSize.every((size) => size === 1) ? 'pointwise' : 'conv';
  return BY_OPERATOR[op.op] ?? 'elementwise';
}
