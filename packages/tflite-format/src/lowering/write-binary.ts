import { type Op, type Shape, UnsupportedOperatorError } from '@nnm/core';
import type { BuiltinOperatorName, OperatorOptions } from '../flatbuffer/schema.ts';
import { Chain } from './chain.ts';
import { inputsOf, type LoweringContext, shapeOf, tensorOf } from './context.ts';
import { MOST_AXES } from './fold-axes.ts';
import type { FusedOp } from './fused-op.ts';
import type { TensorIndex } from './model-builder.ts';
import { writeReshape } from './write-reshape.ts';

/**
 * An element-wise operator of two values; neighbouring axes of five that broadcast alike become one first.
 *
 * @param takesScalars - false for one whose kernel broadcasts scalars too, so over four axes only
 */
export function writeBinary(
  context: LoweringContext,
  op: Op,
  { outputs }: FusedOp,
  code: BuiltinOperatorName,
  options: OperatorOptions,
  takesScalars = true,
): void {
  const [a, b] = op.inputs.map((id) => shapeOf(context, id)) as [Shape, Shape];
  const output = shapeOf(context, op.outputs[0]!);
  const result = tensorOf(context, outputs[0]!);
  if (output.length <= MOST_AXES || a.join() === b.join() || (takesScalars && (a.length === 0 || b.length === 0))) {
    context.model.operator(code, inputsOf(context, op), [result], options);
    return;
  }
  const joined = joinAxes(a, b);
  if (joined.output.length > MOST_AXES) {
    const reason = `its kernels broadcast over ${MOST_AXES} axes, and [${a.join(', ')}] with [${b.join(', ')}] needs ${joined.output.length}`;
    throw new UnsupportedOperatorError({ backend: context.backend, graph: context.graph.name, operator: op.op, reason });
  }
  const chain = new Chain(context, op);
  const reshape = (x: TensorIndex, shape: Shape): TensorIndex =>
    chain.step('RESHAPE', [x, context.model.integers([shape.length], shape)], shape, { type: 'ReshapeOptions', newShape: shape });
  const operands = [reshape(chain.input(0), joined.a), reshape(chain.input(1), joined.b)];
  writeReshape(context, chain.step(code, operands, joined.output, options), result, output);
}

/** Both shapes with neighbouring axes made one that are stretched in the same operand, or in none. */
export function joinAxes(a: Shape, b: Shape): { readonly a: Shape; readonly b: Shape; readonly output: Shape } {
  const rank = Math.max(a.length, b.length);
  const joined: { a: number; b: number }[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const next = { a: a[axis - rank + a.length] ?? 1, b: b[axis - rank + b.length] ?? 1 };
    const last = joined.at(-1);
    if (next.a === 1 && next.b === 1) continue;
    if (last !== undefined && stretched(last) === stretched(next)) {
      last.a *= next.a;
      last.b *= next.b;
    } else joined.push(next);
  }
  if (joined.length === 0) joined.push({ a: 1, b: 1 });
  return { a: joined.map((axis) => axis.a), b: joined.map((axis) => axis.b), output: joined.map((axis) => Math.max(axis.a, axis.b)) };
}

const stretched = ({ a, b }: { readonly a: number; readonly b: number }): 'a' | 'b' | 'none' => (a === b ? 'none' : a === 1 ? 'a' : 'b');
