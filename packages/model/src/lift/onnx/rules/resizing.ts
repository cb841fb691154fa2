import { type ResizeCoordinates, resolveAxis, type Shape } from '@nnm/core';
import { entryOf } from '../../../graph/entry-of.ts';
import type { NodeView } from '../node-view.ts';
import type { Nothing, Rule, Rules, Sentence } from '../rule.ts';

const COORDINATES: Readonly<Record<string, ResizeCoordinates>> = {
  half_pixel: 'half-pixel',
  pytorch_half_pixel: 'half-pixel',
  half_pixel_symmetric: 'half-pixel',
  align_corners: 'aligned-corners',
  asymmetric: 'asymmetric',
};

/** Sizes, or scales, of which `Upsample` has had them as an attribute and `Resize` as its second input. */
function resizedShape(node: NodeView): Shape {
  const shape = node.shape(0);
  const isOld = node.operator === 'Upsample' || node.opset < 11;
  const given = node.ints('axes');
  const axes = (given ?? shape.map((_, axis) => axis)).map((axis) => resolveAxis(axis, shape.length));
  const pick = (values: readonly number[], map: (size: number, value: number) => number): Shape =>
    shape.map((size, axis) => (axes.includes(axis) ? map(size, values[axes.indexOf(axis)] as number) : size));
  const sizes = !isOld && node.has(3) ? node.values(3, 'sizes') : [];
  if (sizes.length > 0) return pick(sizes, (_, size) => size);
  const scales = node.has(isOld ? 1 : 2) ? node.values(isOld ? 1 : 2, 'scales') : (node.ints('scales') ?? []);
  if (scales.length !== axes.length) node.wrong(`has ${scales.length} scales for ${axes.length} axes`);
  return pick(scales, (size, scale) => Math.floor(size * scale));
}

function sayResize(node: NodeView): Sentence | Nothing {
  const shape = node.shape(0);
  const target = resizedShape(node);
  if (target.join() === shape.join()) return { same: node.node.inputs[0] as string };
  if (shape.length < 3 || shape.length > 4 || target[0] !== shape[0] || target[1] !== shape[1]) {
    node.gap(`${node.operator} of other axes than height and width has no equivalent in nnm`);
  }
  const mode = node.text('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear' && mode !== 'bilinear')
    node.gap(`${node.operator} with the mode ${mode} has no equivalent in nnm`);
  const isOld = node.operator === 'Upsample' || node.opset < 11;
  const word = isOld ? 'asymmetric' : node.text('coordinate_transformation_mode', 'half_pixel');
  const coordinates = entryOf(COORDINATES, word) ?? node.gap(`${node.operator} with the coordinates ${word} has no equivalent in nnm`);
  if (node.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    node.gap(`${node.operator} that keeps proportions has no equivalent in nnm`);
  const [, h, w] = node.perAxis(target, 1) as readonly [number, number, number];
  return {
    op: { op: 'resize', size: [h, w], method: mode === 'nearest' ? 'nearest' : 'bilinear', coordinates },
    inputs: [node.operand(0)],
  };
}

const resize: Rule = { layout: 'image', say: sayResize, shapes: (node) => [resizedShape(node)] };

export const RESIZINGS: Rules = { Resize: resize, Upsample: resize };
