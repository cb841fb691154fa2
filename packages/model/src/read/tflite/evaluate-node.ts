import { countElements, resolveAxis } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { resolveStridedSlice } from '../../lift/tensorflow/strided-slice.ts';
import { MOST_ELEMENTS } from './elements.ts';

/** A vector or a number whose elements are known. */
interface Known {
  readonly values: readonly number[];
  readonly isScalar: boolean;
}

type Evaluate = (inputs: readonly Known[], node: ModelNode) => Known | undefined;

const attribute = (node: ModelNode, name: string): number => Number(node.attributes[name] ?? 0);

const scalar = (value: number): Known => ({ values: [value], isScalar: true });
const vector = (values: readonly number[]): Known => ({ values, isScalar: false });

/** Element by element; a single one stretches. */
const binary =
  (combine: (a: number, b: number) => number): Evaluate =>
  ([a, b]) => {
    const length = Math.max(a!.values.length, b!.values.length);
    const pick = ({ values }: Known, index: number): number | undefined => values[values.length === 1 ? 0 : index];
    const values = Array.from({ length }, (_, index) => combine(pick(a!, index) ?? Number.NaN, pick(b!, index) ?? Number.NaN));
    return { values, isScalar: a!.isScalar && b!.isScalar };
  };

const reduce =
  (combine: (values: readonly number[]) => number): Evaluate =>
  ([x], node) =>
    node.attributes.keep_dims === true ? vector([combine(x!.values)]) : scalar(combine(x!.values));

const join: Evaluate = (inputs) => vector(inputs.flatMap(({ values }) => values));
const same: Evaluate = ([x]) => x;

/** What shape arithmetic is made of, over vectors and numbers. */
const EVALUATIONS: Readonly<Record<string, Evaluate>> = {
  ADD: binary((a, b) => a + b),
  SUB: binary((a, b) => a - b),
  MUL: binary((a, b) => a * b),
  DIV: binary((a, b) => Math.trunc(a / b)),
  FLOOR_DIV: binary((a, b) => Math.floor(a / b)),
  FLOOR_MOD: binary((a, b) => a - b * Math.floor(a / b)),
  MAXIMUM: binary(Math.max),
  MINIMUM: binary(Math.min),
  NEG: ([x]) => ({ ...x!, values: x!.values.map((value) => -value) }),
  REDUCE_PROD: reduce((values) => values.reduce((product, value) => product * value, 1)),
  REDUCE_MAX: reduce((values) => Math.max(...values)),
  SUM: reduce((values) => values.reduce((sum, value) => sum + value, 0)),
  PACK: (inputs) => (inputs.every(({ isScalar }) => isScalar) ? join(inputs, {} as ModelNode) : undefined),
  CONCATENATION: join,
  CAST: same,
  RESHAPE: ([x, shape]) => (shape!.values.length <= 1 ? { values: x!.values, isScalar: shape!.values.length === 0 } : undefined),
  EXPAND_DIMS: ([x]) => (x!.isScalar ? vector(x!.values) : undefined),
  SQUEEZE: ([x]) => (x!.values.length === 1 ? scalar(x!.values[0]!) : undefined),
  GATHER: ([x, indices], node) => {
    if (attribute(node, 'axis') !== 0) return undefined;
    return { values: indices!.values.map((index) => x!.values[resolveAxis(index, x!.values.length)]!), isScalar: indices!.isScalar };
  },
  SLICE: ([x, begin, size]) => {
    const [from, length] = [begin!.values[0]!, size!.values[0]!];
    return vector(x!.values.slice(from, length < 0 ? undefined : from + length));
  },
  STRIDED_SLICE: ([x, begin, end, strides], node) => {
    const block = resolveStridedSlice([x!.values.length], begin!.values, end!.values, strides!.values, node.attributes);
    if (block === undefined || block.newAxes.length > 0) return undefined;
    const values: number[] = [];
    for (let at = block.begin[0]!; at < block.end[0]!; at += block.strides[0]!) values.push(x!.values[at]!);
    return block.dropped.length > 0 ? scalar(values[0]!) : vector(values);
  },
  RANGE: ([start, limit, delta]) => {
    const [from, to, by] = [start!.values[0]!, limit!.values[0]!, delta!.values[0]!];
    const length = Math.ceil((to - from) / by);
    return length >= 0 && length <= MOST_ELEMENTS ? vector(Array.from({ length }, (_, index) => from + index * by)) : undefined;
  },
  FILL: ([shape, value]) => {
    const length = countElements(shape!.values);
    return shape!.values.length <= 1 && length <= MOST_ELEMENTS ? vector(Array.from({ length }, () => value!.values[0]!)) : undefined;
  },
};

const INTEGERS: ReadonlySet<string> = new Set(['int32', 'int64', 'uint32', 'uint8', 'int8', 'bool']);

/**
 * The constant result of a node that computes with shapes; undefined for any other.
 *
 * @param output - the node's only result, as it is known so far
 */
export function evaluateNode(node: ModelNode, inputs: readonly (ModelTensor | undefined)[], output: ModelTensor): ModelTensor | undefined {
  if (node.outputs.length !== 1) return undefined;
  if (node.operator === 'SHAPE') return constant(output, inputs[0]?.shape && vector(inputs[0].shape));
  if (node.operator === 'RANK') return constant(output, inputs[0]?.shape && scalar(inputs[0].shape.length));
  const evaluate = entryOf(EVALUATIONS, node.operator);
  if (evaluate === undefined) return undefined;
  const known = inputs.map((input) => (input === undefined ? undefined : knownOf(input)));
  if (!known.every((input) => input !== undefined)) return undefined;
  const isInteger = INTEGERS.has(inputs[0]!.dtype) || (node.operator === 'CAST' && known[0]!.values.every(Number.isInteger));
  return isInteger ? constant(output, evaluate(known as readonly Known[], node)) : undefined;
}

function knownOf({ constant: isConstant, shape, values }: ModelTensor): Known | undefined {
  if (!isConstant || values === undefined || shape === undefined || shape.length > 1) return undefined;
  return { values, isScalar: shape.length === 0 };
}

function constant(output: ModelTensor, known: Known | undefined): ModelTensor | undefined {
  if (known === undefined || known.values.length > MOST_ELEMENTS || known.values.some((value) => !Number.isFinite(value))) return undefined;
  return { ...output, shape: known.isScalar ? [] : [known.values.length], constant: true, values: known.values };
}
