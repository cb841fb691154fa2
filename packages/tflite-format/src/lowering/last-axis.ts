import { type OpBase, resolveAxis } from '@nnm/core';
import type { BuiltinOperatorName, OperatorOptions } from '../flatbuffer/schema.ts';
import { Chain } from './chain.ts';
import { type LoweringContext, shapeOf } from './context.ts';

/** An operator that works on the last axis only: for another one, `TRANSPOSE` it there and back. */
export function writeOnLastAxis(
  context: LoweringContext,
  op: OpBase & { readonly axis: number },
  code: BuiltinOperatorName,
  options: OperatorOptions,
): void {
  const chain = new Chain(context, op);
  const shape = shapeOf(context, op.outputs[0]!);
  const axis = resolveAxis(op.axis, shape.length);
  const last = shape.length - 1;
  if (axis === last) {
    chain.last(code, [chain.input()], options);
    return;
  }
  const swapped = shape.map((_, index) => (index === axis ? last : index === last ? axis : index));
  const order = context.model.integers([shape.length], swapped);
  const moved = swapped.map((index) => shape[index]!);
  const result = chain.step(code, [chain.step('TRANSPOSE', [chain.input(), order], moved)], moved, options);
  chain.last('TRANSPOSE', [result, order]);
}
