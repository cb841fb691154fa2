import type { Op, Shape, ValueId } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import { drawConstant } from './draw-constant.ts';
import { arrange, axesOf, keepsOrder, type Layout, TO_FIRST, TO_LAST } from './layout-of-axes.ts';
import { stridesOf } from './strides.ts';

type Shared = Pick<LoweringContext, 'graph' | 'shapes' | 'writer' | 'constants'>;

/** Gives ops their inputs in the layout they run in; each value is converted, each constant written, at most once. */
export class Operands {
  private readonly converted = new Map<string, string>();

  /** @param ofValue - the layout that each value is kept in */
  constructor(
    private readonly shared: Shared,
    private readonly ofValue: ReadonlyMap<ValueId, Layout>,
  ) {}

  /** The model's name of a value in a layout. */
  name(id: ValueId, layout: Layout): string {
    const { shapes, constants } = this.shared;
    const shape = shapes.get(id) as Shape;
    const constant = constants.get(id);
    if (constant !== undefined) return this.once(`${id} ${shape.length === 4 ? layout : ''}`, () => this.constant(constant, shape, layout));
    if (shape.length !== 4 || this.ofValue.get(id) === layout) return id;
    return this.once(`${id} ${layout}`, () => this.convert(id, shape, layout));
  }

  private once(key: string, make: () => string): string {
    const known = this.converted.get(key) ?? make();
    this.converted.set(key, known);
    return known;
  }

  private constant(op: Op, shape: Shape, layout: Layout): string {
    const { writer } = this.shared;
    const data = drawConstant(op, this.shared);
    return writer.floats(`${op.outputs[0]}/value`, arrange(shape, layout), permute(data, shape, axesOf(shape.length, layout)));
  }

  private convert(id: ValueId, shape: Shape, layout: Layout): string {
    const { writer } = this.shared;
    const target = writer.unusedName(`${id}/channels_${layout}`);
    const permutation = layout === 'first' ? TO_FIRST : TO_LAST;
    const before = arrange(shape, layout === 'first' ? 'last' : 'first');
    // A reshape moves nothing in memory.
    if (keepsOrder(before, permutation)) {
      return writer.node('Reshape', [id, writer.integers(`${target}_shape`, arrange(shape, layout))], [target]);
    }
    return writer.node('Transpose', [id], [target], { perm: permutation });
  }
}

/** Elements with their axes in another order. */
export function permute(data: Float32Array, shape: Shape, axes: readonly number[]): Float32Array {
  if (keepsOrder(shape, axes)) return data;
  const from = stridesOf(shape);
  const sizes = axes.map((axis) => shape[axis] as number);
  const to = stridesOf(sizes);
  return data.map((_, index) => {
    let offset = 0;
    axes.forEach((axis, position) => {
      offset += (Math.floor(index / (to[position] as number)) % (sizes[position] as number)) * (from[axis] as number);
    });
    return data[offset] as number;
  });
}
