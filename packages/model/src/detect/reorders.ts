import type { Graph, Shape } from '@nnm/core';
import type { DetectedKernel, LiftedModel } from '../lift/lifted-model.ts';
import { blockedValues } from './blocked-values.ts';
import type { FusionRules } from './fusion-rules.ts';

/**
 * The changes between plain and blocked channels that a runtime makes in a model besides running its ops, as parts without ops.
 *
 * Core has no operator for them. The graph of such a part moves as many bytes in as many strides: an image whose pixels and channels change
 * places.
 */
export function detectReorders(lifted: LiftedModel, rules: FusionRules): readonly DetectedKernel[] {
  const { madePlain, madeBlocked } = blockedValues(lifted, rules);
  const shapes = shapesOf(lifted);
  return [...madeBlocked, ...madePlain].flatMap((name) => {
    const shape = shapes.get(name);
    return shape === undefined ? [] : [{ ops: [], graph: reorderGraph(shape) }];
  });
}

function shapesOf({ ops }: LiftedModel): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const op of ops) {
    if (op.gap !== undefined) continue;
    for (const [at, name] of op.op.inputs.entries()) shapes.set(name, op.inputShapes[at] as Shape);
    for (const [at, name] of op.op.outputs.entries()) shapes.set(name, op.outputShapes[at] as Shape);
  }
  return shapes;
}

function reorderGraph(shape: Shape): Graph {
  const channels = shape.at(-1) as number;
  const [batches = 1] = shape;
  const pixels = shape.reduce((product, size) => product * size, 1) / batches / channels;
  return {
    schemaVersion: 1,
    name: 'reorder',
    seed: 0,
    inputs: [{ id: 'input0', shape: [batches, pixels, channels] }],
    ops: [{ op: 'transpose', inputs: ['input0'], outputs: ['t0'], permutation: [0, 2, 1] }],
    outputs: ['t0'],
  };
}
