import { type Graph, inferShapes } from '@nnm/core';
import type { Model } from '../flatbuffer/schema.ts';
import type { LazyBytes } from '../flatbuffer/table.ts';
import { type LoweringContext, tensorOf } from './context.ts';
import { type FusedOp, fuseOps } from './fuse.ts';
import { lowerConv2d, lowerDepthwiseConv2d } from './lower-conv.ts';
import { lowerDense } from './lower-dense.ts';
import { lowerActivation, lowerBatchNorm, lowerBinary } from './lower-elementwise.ts';
import { lowerPool } from './lower-pool.ts';
import { lowerChannelShuffle, lowerConcat, lowerFlatten, lowerGlobalAvgPool, lowerSplit } from './lower-structure.ts';
import { ModelBuilder } from './model-builder.ts';

/**
 * Lower a graph to a TensorFlow Lite model as TensorFlow's own converter would: batch normalisation folded into the weights
 * before it, ReLU and ReLU6 fused, `SAME` padding left to the operator.
 *
 * @throws {@link InvalidGraphError} when the graph is not valid
 */
export function lowerGraph(graph: Graph): Model<Uint8Array | LazyBytes> {
  const shapes = inferShapes(graph);
  const model = new ModelBuilder();
  const context: LoweringContext = { graph, shapes, model, nonNegative: new Set() };
  const inputs = graph.inputs.map(({ id }) => tensorOf(context, id));
  for (const fused of fuseOps(graph)) {
    lowerOp(context, fused);
    if (isNonNegative(context, fused)) for (const id of fused.outputs) context.nonNegative.add(id);
  }
  return model.build(
    graph.name,
    inputs,
    graph.outputs.map((id) => tensorOf(context, id)),
  );
}

function lowerOp(context: LoweringContext, fused: FusedOp): void {
  const { op } = fused;
  switch (op.op) {
    case 'conv2d':
      lowerConv2d(context, fused, op);
      break;
    case 'depthwiseConv2d':
      lowerDepthwiseConv2d(context, fused, op);
      break;
    case 'dense':
      lowerDense(context, fused, op);
      break;
    case 'maxPool':
    case 'avgPool':
      lowerPool(context, fused, op);
      break;
    case 'batchNorm':
      lowerBatchNorm(context, fused, op);
      break;
    case 'activation':
      lowerActivation(context, op);
      break;
    case 'add':
    case 'mul':
      lowerBinary(context, fused, op);
      break;
    case 'globalAvgPool':
      lowerGlobalAvgPool(context, op);
      break;
    case 'flatten':
      lowerFlatten(context, op);
      break;
    case 'concat':
      lowerConcat(context, op);
      break;
    case 'split':
      lowerSplit(context, op);
      break;
    case 'channelShuffle':
      lowerChannelShuffle(context, op);
      break;
  }
}

function isNonNegative({ nonNegative }: LoweringContext, { op, activation }: FusedOp): boolean {
  if (activation !== 'none') return true;
  switch (op.op) {
    case 'activation':
      return op.function === 'relu' || op.function === 'relu6' || op.function === 'sigmoid' || op.function === 'hsigmoid';
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'dense':
    case 'batchNorm':
      return false;
    default:
      return op.inputs.every((id) => nonNegative.has(id));
  }
}
