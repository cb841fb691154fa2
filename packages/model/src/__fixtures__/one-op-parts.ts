import type { Graph, Op } from '@nnm/core';
import type { DetectedKernel, LiftedModel } from '../lift/lifted-model.ts';

/** Every op a part of its own; `relu` and `add` of square images are the kernels of these names. */
export function oneOpParts(lifted: LiftedModel): readonly DetectedKernel[] {
  return lifted.ops.map((lift, index): DetectedKernel => {
    if (lift.gap !== undefined) return { ops: [index], gap: lift.gap };
    const { op, inputShapes } = lift;
    const graph: Graph = {
      schemaVersion: 1,
      name: 'part',
      seed: 0,
      inputs: op.inputs.map((id, i) => ({ id, shape: inputShapes[i]! })),
      ops: [op],
      outputs: op.outputs,
    };
    const [, height = 0, , channels = 0] = inputShapes[0]!;
    const kernel = kernelOf(op);
    return { ops: [index], graph, ...(kernel !== undefined && { match: { kernel, config: { HW: height, CIN: channels } } }) };
  });
}

function kernelOf(op: Op): string | undefined {
  if (op.op === 'activation' && op.function === 'relu') return 'relu';
  return op.op === 'add' ? 'add' : undefined;
}
