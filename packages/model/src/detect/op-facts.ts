import { dilatedSize, type Op, resolvePadding, type Shape, type Size2d, type Window } from '@nnm/core';
import type { LiftedOp } from '../lift/lifted-model.ts';
import type { Condition, OpPattern } from './fusion-rules.ts';

type Value = string | number | boolean | readonly number[] | undefined;

/** What rules ask of an op beyond its attributes. */
export interface FactContext {
  /** True when it runs on blocked channels. */
  readonly blocked: boolean;
}

/** True for an op with such a name and such facts. */
export function fits({ ops, where }: OpPattern, op: LiftedOp, context: FactContext): boolean {
  return ops.includes(op.op.op) && (where === undefined || meetsOne(where, op, context));
}

/** True when every condition of at least one record holds. */
export function meetsOne(records: readonly Readonly<Record<string, Condition>>[], op: LiftedOp, context: FactContext): boolean {
  return records.some((record) => Object.entries(record).every(([name, condition]) => holds(condition, factOf(name, op, context))));
}

function holds(condition: Condition, value: Value): boolean {
  if (Array.isArray(value)) return value.every((item: number) => holds(condition, item));
  if (isList(condition)) return condition.includes(value as string);
  if (typeof value !== 'number') return false;
  const { multipleOf = 1, min = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = condition;
  return value % multipleOf === 0 && value >= min && value < below;
}

const isList = (condition: Condition): condition is readonly (string | number | boolean)[] => Array.isArray(condition);

const lastOf = (shape: Shape | undefined): number => shape?.at(-1) ?? 1;

const DERIVED: Readonly<Record<string, (op: LiftedOp, context: FactContext) => Value>> = {
  rank: ({ inputShapes }) => inputShapes[0]?.length ?? 0,
  cin: ({ inputShapes }) => lastOf(inputShapes[0]),
  cout: ({ outputShapes }) => lastOf(outputShapes[0]),
  everyCin: ({ inputShapes }) => inputShapes.map(lastOf),
  groupCin: (op) => lastOf(op.inputShapes[0]) / groupsOf(op),
  groupCout: (op) => lastOf(op.outputShapes[0]) / groupsOf(op),
  depthwise: (op) => groupsOf(op) === lastOf(op.inputShapes[0]) && lastOf(op.inputShapes[0]) === lastOf(op.outputShapes[0]),
  sameShape: ({ inputShapes, outputShapes }) => inputShapes.every((shape) => sameShape(shape, outputShapes[0] as Shape)),
  scalar: ({ constantInputs, inputShapes }) =>
    constantInputs.length > 0 && constantInputs.every((at) => (inputShapes[at] as Shape).every((size) => size === 1)),
  constants: ({ constantInputs }) => constantInputs.length > 0,
  padded: ({ op, inputShapes }) => reachesOver(op, inputShapes[0] as Shape),
  gaps: ({ op }) => hasWindow(op) && op.strides.some((stride, axis) => stride > (op.kernelSize[axis] as number)),
  spatial: ({ op }) =>
    op.op === 'pad' && op.paddings.length === 4 && [0, 3].every((axis) => op.paddings[axis]?.every((size) => size === 0)),
  blocked: (_, { blocked }) => blocked,
};

function factOf(name: string, op: LiftedOp, context: FactContext): Value {
  const derived = Object.hasOwn(DERIVED, name) ? DERIVED[name] : undefined;
  return derived === undefined ? (op.op as unknown as Readonly<Record<string, Value>>)[name] : derived(op, context);
}

function groupsOf({ op, inputShapes }: LiftedOp): number {
  return op.op === 'conv2d' ? op.groups : op.op === 'depthwiseConv2d' ? lastOf(inputShapes[0]) : 1;
}

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

/** True for an op with a window. */
export const hasWindow = (op: Op): op is Op & Window => 'padding' in op && 'kernelSize' in op;

/** True when a window reaches over the edge of its image under TensorFlow's rule, or has explicit pixels. */
function reachesOver(op: Op, [, h = 1, w = 1]: Shape): boolean {
  if (!hasWindow(op)) return false;
  const size: Size2d = [h, w];
  return Object.values(resolvePadding(op.padding, 'tensorflow', size, dilatedSize(op.kernelSize, op.dilation), op.strides)).some(
    (pixels) => pixels > 0,
  );
}
