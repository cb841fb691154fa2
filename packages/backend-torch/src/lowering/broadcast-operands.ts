import type { OpBase, Shape, ValueId } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import { drawConstant } from './draw-constant.ts';
import { arrange, keepsOrder, TO_FIRST } from './layout-of-axes.ts';
import { permute } from './operands.ts';

/**
 * The operands of an element-wise op. Where it runs channels first, one of fewer axes is given four, so that its axes meet those
 * that they meet in the graph.
 */
export function broadcastOperands({ inputs, outputs }: OpBase, context: LoweringContext): readonly string[] {
  const isImage = context.layout === 'first' && context.shapes.get(outputs[0] as string)?.length === 4;
  return inputs.map((id, index) => {
    const shape = context.shapes.get(id) as Shape;
    if (!isImage || shape.length === 4 || shape.length === 0) return context.inputs[index] as string;
    return toImage(id, [...Array(4 - shape.length).fill(1), ...shape], context.inputs[index] as string, context);
  });
}

function toImage(id: ValueId, shape: Shape, name: string, context: LoweringContext): string {
  const { writer, constants } = context;
  const constant = constants.get(id);
  const first = arrange(shape, 'first');
  if (constant !== undefined) return writer.floats(`${id}/value`, first, permute(drawConstant(constant, context), shape, TO_FIRST));
  const reshapeTo = (sizes: Shape, source: string, wish: string): string => {
    const target = writer.unusedName(wish);
    return writer.node('Reshape', [source, writer.integers(`${target}_shape`, sizes)], [target]);
  };
  if (keepsOrder(shape, TO_FIRST)) return reshapeTo(first, name, `${id}/channels_first`);
  const last = reshapeTo(shape, name, `${id}/four_axes`);
  return writer.node('Transpose', [last], [writer.unusedName(`${id}/channels_first`)], { perm: TO_FIRST });
}
