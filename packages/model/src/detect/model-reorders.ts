import type { Reorder, Shape } from '@nnm/core';
import { type DetectedKernel, type LiftedModel, outputsOf } from '../lift/lifted-model.ts';
import { blockedValues } from './blocked-values.ts';
import type { FusionRules } from './fusion-rules.ts';

/** The form of an image in blocks of channels: with a batch and two axes besides. */
const IMAGE_AXES = 4;

/**
 * Where the runtime changes the layout of values between parts, by its rules: each is a part of its own. Those within a kernel that
 * stands for several parts are in its latency.
 *
 * @param kernels - of `detectKernels`, for the same model and rules
 */
export function modelReorders(lifted: LiftedModel, rules: FusionRules, kernels: readonly DetectedKernel[]): readonly DetectedKernel[] {
  if (rules.blocked === undefined) return [];
  const { madePlain, madeBlocked } = blockedValues(lifted, rules);
  const shapes = imageShapes(lifted);
  const within = new Set(kernels.flatMap(({ ops, isJoined }) => (isJoined ? ops.flatMap((op) => valuesOf(lifted, op)) : [])));
  const reorder = (values: readonly string[], to: Reorder['to']): readonly DetectedKernel[] =>
    values.flatMap((name) => {
      const shape = shapes.get(name);
      return shape === undefined || within.has(name) ? [] : [{ ops: [], reorder: { shape, to, layout: rules.layout } }];
    });
  return [...reorder(madeBlocked, 'blocked'), ...reorder(madePlain, 'plain')];
}

function valuesOf({ ops }: LiftedModel, position: number): readonly string[] {
  const op = ops[position];
  if (op === undefined) return [];
  return [...outputsOf(op), ...(op.gap === undefined ? op.op.inputs : op.inputs)];
}

/** Values as ops on images say them. */
function imageShapes({ ops }: LiftedModel): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  const add = (name: string, shape: Shape | undefined): void => {
    if (shape?.length === IMAGE_AXES && !shapes.has(name)) shapes.set(name, shape);
  };
  for (const op of ops) {
    if (op.gap !== undefined) continue;
    op.op.outputs.forEach((name, at) => {
      add(name, op.outputShapes[at]);
    });
    op.op.inputs.forEach((name, at) => {
      add(name, op.inputShapes[at]);
    });
  }
  return shapes;
}
