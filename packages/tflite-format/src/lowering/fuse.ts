import type { BatchNormOp, Graph, Op, ValueId } from '@nnm/core';
import type { FusedActivationName } from '../flatbuffer/schema.ts';
import type { FusedOp } from './fused-op.ts';
import { LOWERINGS } from './lowerings.ts';

/**
 * Group ops as TensorFlow's converter does: batch normalisation goes into the weights before it, ReLU and ReLU6 into the
 * operator before them. Only a value with a single consumer, which is no output of the graph, can disappear.
 */
export function fuseOps(graph: Graph): readonly FusedOp[] {
  const consumers = new Map<ValueId, Op[]>();
  for (const op of graph.ops) for (const id of op.inputs) consumers.set(id, [...(consumers.get(id) ?? []), op]);
  const kept = new Set(graph.outputs);
  const soleConsumer = (id: ValueId): Op | undefined => {
    const ops = consumers.get(id) ?? [];
    return ops.length === 1 && !kept.has(id) ? ops[0] : undefined;
  };

  const swallowed = new Set<Op>();
  const fused: FusedOp[] = [];
  for (const op of graph.ops) {
    if (swallowed.has(op)) continue;
    const lowering = LOWERINGS.get(op.op);
    const batchNorms: BatchNormOp[] = [];
    let outputs = op.outputs;
    let activation: FusedActivationName = 'none';
    let next = soleConsumer(outputs[0]!);
    while (lowering?.foldsBatchNorm && next?.op === 'batchNorm') {
      batchNorms.push(next);
      swallowed.add(next);
      outputs = next.outputs;
      next = soleConsumer(outputs[0]!);
    }
    if (lowering?.fusesActivation && next?.op === 'activation' && (next.function === 'relu' || next.function === 'relu6')) {
      activation = next.function;
      swallowed.add(next);
      outputs = next.outputs;
    }
    fused.push({ op, batchNorms, activation, outputs });
  }
  return fused;
}
