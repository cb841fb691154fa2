import { broadcastShapes, combineBroadcast, countElements, pick, type ReferenceValue, resolveAxis, type Shape } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ElementType } from '../../graph/model-graph.ts';
import type { NodeView } from '../../lift/onnx/node-view.ts';
import { ruleOf } from '../../lift/onnx/rules/index.ts';
import { joinedAxis, partSizes, slicedRanges } from '../../lift/onnx/rules/movement.ts';
import { reducedAxes } from '../../lift/onnx/rules/reductions.ts';

/** Constants of more elements say nothing about sizes. */
export const MOST_VALUES = 64;

type Value = ReferenceValue;

/** @param shapes - of the outputs, where they can be told */
type Fold = (node: NodeView, inputs: readonly Value[], shapes: readonly (Shape | undefined)[]) => readonly Value[] | undefined;

const vector = (values: readonly number[]): Value => ({ shape: [values.length], data: Float64Array.from(values) });

const isInteger = (type: ElementType | undefined): boolean => /^u?int/.test(type ?? '');

const unary =
  (fn: (x: number) => number): Fold =>
  (_, [x]) =>
    x && [{ shape: x.shape, data: x.data.map(fn) }];

/** An operator of two or more inputs that broadcast. */
const joined =
  (choose: (node: NodeView) => (a: number, b: number) => number): Fold =>
  (node, [first, ...others]) => {
    let result = first;
    for (const next of others) {
      const shape = result && broadcastShapes(result.shape, next.shape);
      if (result === undefined || shape === undefined || countElements(shape) > MOST_VALUES) return undefined;
      result = combineBroadcast(result, next, shape, choose(node));
    }
    return result && [result];
  };

const binary = (combine: (a: number, b: number) => number): Fold => joined(() => combine);
const comparison = (holds: (a: number, b: number) => boolean): Fold => binary((a, b) => (holds(a, b) ? 1 : 0));

/** The same elements under the shape that the operator gives them. */
const reshaped: Fold = (_, [x], [shape]) => x && shape && [{ shape, data: x.data }];

const reduce =
  (combine: (a: number, b: number) => number): Fold =>
  (node, [x], [shape]) => {
    if (x === undefined || shape === undefined) return undefined;
    const axes = reducedAxes(node);
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...kept, ...axes];
    const last = pick(
      x,
      order.map((axis) => x.shape[axis] as number),
      (position) => order.map((_, axis) => position[order.indexOf(axis)] as number),
    );
    const run = countElements(axes.map((axis) => x.shape[axis] as number));
    const data = Float64Array.from({ length: countElements(shape) }, (_, line) =>
      last.data.subarray(line * run, (line + 1) * run).reduce(combine),
    );
    return run === 0 ? undefined : [{ shape, data }];
  };

/** Pick each element of the output out of the first input. */
const moved =
  (positionOf: (node: NodeView, x: Value, position: readonly number[]) => readonly number[]): Fold =>
  (node, [x], [shape]) =>
    x && shape && countElements(shape) <= MOST_VALUES ? [pick(x, shape, (position) => positionOf(node, x, position))] : undefined;

const gather: Fold = (node, [x, indices], [shape]) => {
  if (x === undefined || indices === undefined || shape === undefined || countElements(shape) > MOST_VALUES) return undefined;
  const axis = resolveAxis(node.number('axis', 0), x.shape.length);
  const rank = indices.shape.length;
  const size = x.shape[axis] as number;
  const flat = { shape: indices.shape, data: indices.data.map((index) => (index < 0 ? index + size : index)) };
  const outside = flat.data.find((index) => index >= size || index < 0);
  if (outside !== undefined) node.wrong(`picks ${outside} of ${size}`);
  const at = (position: readonly number[]): number => pick(flat, [], () => position.slice(axis, axis + rank)).data[0] as number;
  return [pick(x, shape, (position) => [...position.slice(0, axis), at(position), ...position.slice(axis + rank)])];
};

const concat: Fold = (node, inputs, [shape]) => {
  if (shape === undefined || countElements(shape) > MOST_VALUES) return undefined;
  const axis = joinedAxis(node);
  const parts = inputs.map((input) => input.shape[axis] as number);
  const data = new Float64Array(countElements(shape));
  const inner = countElements(shape.slice(axis + 1));
  const outer = countElements(shape.slice(0, axis));
  let offset = 0;
  for (let line = 0; line < outer; line++) {
    inputs.forEach((input, index) => {
      const run = (parts[index] as number) * inner;
      data.set(input.data.subarray(line * run, (line + 1) * run), offset);
      offset += run;
    });
  }
  return [{ shape, data }];
};

const split: Fold = (node, [x], shapes) => {
  if (x === undefined) return undefined;
  const axis = resolveAxis(node.number('axis', 0), x.shape.length);
  let start = 0;
  return partSizes(node).map((size, part) => {
    const from = start;
    start += size;
    return pick(x, shapes[part] ?? [], (position) => position.map((i, at) => (at === axis ? i + from : i)));
  });
};

const range: Fold = (_, [start, limit, delta]) => {
  const [from, to, step] = [start?.data[0], limit?.data[0], delta?.data[0]];
  if (from === undefined || to === undefined || step === undefined || step === 0) return undefined;
  const count = Math.max(0, Math.ceil((to - from) / step));
  return count > MOST_VALUES ? undefined : [vector(Array.from({ length: count }, (_, index) => from + index * step))];
};

const where: Fold = (_, [condition, a, b]) => {
  if (condition === undefined || a === undefined || b === undefined) return undefined;
  const shape = [a, b].reduce<Shape | undefined>((all, { shape: next }) => all && broadcastShapes(all, next), condition.shape);
  if (shape === undefined || countElements(shape) > MOST_VALUES) return undefined;
  const spread = (x: Value): Value => combineBroadcast(x, { shape, data: new Float64Array(countElements(shape)) }, shape, (value) => value);
  const [yes, no] = [spread(a), spread(b)];
  return [{ shape, data: spread(condition).data.map((value, index) => (value !== 0 ? yes.data[index] : no.data[index]) as number) }];
};

const nonZero: Fold = (_, [x]) => {
  if (x === undefined || x.shape.length !== 1) return undefined;
  const found = [...x.data.keys()].filter((index) => x.data[index] !== 0);
  return [{ shape: [1, found.length], data: Float64Array.from(found) }];
};

/** Writes updates at rows of a vector, as PyTorch exports `shape[i] = size`. */
const scatterNd: Fold = (_, [x, indices, updates]) => {
  if (x === undefined || indices === undefined || updates === undefined || x.shape.length !== 1 || indices.shape.at(-1) !== 1)
    return undefined;
  const data = Float64Array.from(x.data);
  indices.data.forEach((index, at) => {
    data[index < 0 ? index + data.length : index] = updates.data[at] as number;
  });
  return [{ shape: x.shape, data }];
};

/** Casting to integers cuts off; to float32 rounds. */
const cast: Fold = (node, [x]) => {
  if (x === undefined) return undefined;
  const [type] = ruleTypes(node);
  const convert =
    type === 'bool'
      ? (value: number) => (value !== 0 ? 1 : 0)
      : isInteger(type)
        ? Math.trunc
        : type === 'float32'
          ? Math.fround
          : (value: number) => value;
  return [{ shape: x.shape, data: x.data.map(convert) }];
};

const ruleTypes = (node: NodeView): readonly (ElementType | undefined)[] => ruleOf(node.operator)?.types?.(node) ?? [];

const divide = joined((node) => (isInteger(node.tensor(0)?.dtype) ? (a, b) => Math.trunc(a / b) : (a, b) => a / b));
const modulo = joined((node) => (node.number('fmod', 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b)));

/** A power of small whole numbers, exactly. */
function power(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) return Number.NaN;
  const product = Array.from({ length: Math.abs(exponent) }, () => base).reduce((all, factor) => all * factor, 1);
  return exponent < 0 ? 1 / product : product;
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: unary((x) => x),
  Cast: cast,
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: divide,
  Mod: modulo,
  Pow: binary(power),
  Min: binary(Math.min),
  Max: binary(Math.max),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Sqrt: unary(Math.sqrt),
  Sign: unary(Math.sign),
  Not: unary((x) => (x === 0 ? 1 : 0)),
  Equal: comparison((a, b) => a === b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Reshape: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Flatten: reshaped,
  ReduceProd: reduce((a, b) => a * b),
  ReduceSum: reduce((a, b) => a + b),
  ReduceMax: reduce((a, b) => Math.max(a, b)),
  ReduceMin: reduce((a, b) => Math.min(a, b)),
  Transpose: moved((node, x, position) =>
    x.shape.map((_, axis) => position[(node.ints('perm') ?? x.shape.map((__, at) => x.shape.length - 1 - at)).indexOf(axis)] as number),
  ),
  Slice: moved((node, _, position) => slicedRanges(node).map(({ begin, step }, axis) => begin + step * (position[axis] as number))),
  Expand: moved((_, x, position) =>
    x.shape.map((size, axis) => (size === 1 ? 0 : (position[axis + position.length - x.shape.length] as number))),
  ),
  Tile: moved((_, x, position) => x.shape.map((size, axis) => (position[axis] as number) % size)),
  Gather: gather,
  Concat: concat,
  Split: split,
  Range: range,
  Where: where,
  NonZero: nonZero,
  ScatterND: scatterNd,
};

/**
 * The elements of a node's outputs where those of all its inputs are known and few: arithmetic of shapes.
 *
 * @param shapes - of the outputs, where they can be told
 */
export function foldValues(node: NodeView, shapes: readonly (Shape | undefined)[]): readonly ReferenceValue[] | undefined {
  const fold = entryOf(FOLDS, node.operator);
  if (fold === undefined) return undefined;
  const inputs: Value[] = [];
  for (const [index, name] of node.node.inputs.entries()) {
    if (name === '') continue;
    const { shape, values } = node.tensor(index) ?? {};
    if (shape === undefined || values === undefined) return undefined;
    inputs.push({ shape, data: Float64Array.from(values) });
  }
  const folded = inputs.length === 0 ? undefined : fold(node, inputs, shapes);
  return folded?.every(({ data }) => data.length <= MOST_VALUES) ? folded : undefined;
}
