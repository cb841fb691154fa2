import type { Graph, Op, Shapes, ValueId } from '@nnm/core';
import { fusedActivation } from './fused-activation.ts';
import type { FusedOp } from './fused-op.ts';
import { LOWERINGS } from './lowerings.ts';

/**
 * Group ops as `tensorflowjs_converter` does: the batch normalisation behind a convolution goes into its weights, then an activation
 * behind its bias into its node. Only a value with a single consumer, which is no output of the graph, can disappear.
 */
export function fuseOps(graph: Graph, shapes: Shapes): readonly FusedOp[] {
  const consumers = new Map<ValueId, Op[]>();
  for (const op of graph.ops) for (const id of op.inputs) consumers.set(id, [...(consumers.get(id) ?? []), op]);
  const kept = new Set(graph.outputs);
  const soleConsumer = (id: ValueId): Op | undefined => {
    const ops = consumers.get(id) ?? [];
    return ops.length === 1 && !kept.has(id) ? ops[0] : undefined;
  };

  const swallowed = new Set<Op>();
  return graph.ops.flatMap((op): readonly FusedOp[] => {
    if (swallowed.has(op)) return [];
    const lowering = LOWERINGS.get(op.op);
    const next = soleConsumer(op.outputs[0]!);
    const batchNorm = lowering?.foldsBatchNorm && next?.op === 'batchNorm' ? next : undefined;
    if (batchNorm !== undefined) swallowed.add(batchNorm);
    const last = batchNorm ?? op;
    const hasBias = batchNorm !== undefined || ('useBias' in op && op.useBias);
    const behind = soleConsumer(last.outputs[0]!);
    const isFused = hasBias && behind !== undefined && fusedActivation(behind) !== undefined && lowering?.fusesActivation?.(op, shapes);
    if (isFused) swallowed.add(behind);
    return [{ op, ...(batchNorm && { batchNorm }), ...(isFused && { activation: behind }), outputs: (isFused ? behind : last).outputs }];
  });
}
