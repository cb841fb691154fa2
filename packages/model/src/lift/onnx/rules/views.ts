import { countElements, resolveAxis, type Shape } from '@nnm/core';
import type { NodeView } from '../node-view.ts';
import type { Rule, Rules, Sentence } from '../rule.ts';
import { same } from './nothing.ts';

/** Core's values have at most so many axes; of more, those of size 1 are left out. */
export const MOST_AXES = 5;
const compact = (shape: Shape): Shape => (shape.length > MOST_AXES ? shape.filter((size) => size !== 1) : shape);

/** The same elements under another shape. */
export function sayReshape(node: NodeView, target: Shape): Sentence {
  const from = node.shape(0);
  if (countElements(from) !== countElements(target)) node.wrong(`makes [${target.join(', ')}] of [${from.join(', ')}]`);
  return {
    op: { op: 'reshape', shape: compact(target) },
    inputs: [{ name: node.node.inputs[0] as string, shape: compact(from) }],
  };
}

const reshape = (shapeOf: (node: NodeView) => Shape): Rule => ({
  layout: 'plain',
  say: (node) => sayReshape(node, shapeOf(node)),
  shapes: (node) => [shapeOf(node)],
});

/** 0 keeps a size, -1 is what is left. */
function reshaped(node: NodeView): Shape {
  const from = node.shape(0);
  const known = node.knownOutput(0);
  if (known !== undefined && node.tensor(1)?.values === undefined) return known;
  const given = node.valuesOrAttribute(1, 'shape') ?? node.wrong('has no shape');
  const keeps = node.number('allowzero', 0) === 0;
  const target = given.map((size, axis) =>
    size === 0 && keeps ? (from[axis] ?? node.wrong(`keeps the size of axis ${axis}, which is not there`)) : size,
  );
  const rest = countElements(from) / countElements(target.filter((size) => size !== -1));
  const filled = target.map((size) => (size === -1 ? rest : size));
  if (!filled.every((size) => Number.isInteger(size) && size >= 0)) node.wrong(`makes [${given.join(', ')}] of [${from.join(', ')}]`);
  return filled;
}

function squeezed(node: NodeView): Shape {
  const from = node.shape(0);
  const axes = (node.valuesOrAttribute(1, 'axes') ?? []).map((axis) => resolveAxis(axis, from.length));
  return from.filter((size, axis) => (axes.length === 0 ? size !== 1 : !axes.includes(axis)));
}

function unsqueezed(node: NodeView): Shape {
  const from = [...node.shape(0)];
  const given = node.valuesOrAttribute(1, 'axes') ?? node.wrong('has no axes');
  const axes = given.map((axis) => resolveAxis(axis, from.length + given.length));
  return Array.from({ length: from.length + axes.length }, (_, axis) => (axes.includes(axis) ? 1 : (from.shift() ?? 1)));
}

const squeeze: Rule = {
  layout: 'plain',
  say(node) {
    const target = squeezed(node);
    const from = node.shape(0);
    if (target.length === from.length) return same(node);
    if (from.length > MOST_AXES || countElements(target) !== countElements(from)) return sayReshape(node, target);
    const given = (node.valuesOrAttribute(1, 'axes') ?? []).map((axis) => resolveAxis(axis, from.length));
    const axes = given.length > 0 ? given : from.flatMap((size, axis) => (size === 1 ? [axis] : []));
    return { op: { op: 'squeeze', axes }, inputs: [node.operand(0)] };
  },
  shapes: (node) => [squeezed(node)],
};

const unsqueeze: Rule = {
  layout: 'plain',
  say(node) {
    const target = unsqueezed(node);
    const given = node.valuesOrAttribute(1, 'axes') ?? [];
    if (given.length !== 1 || target.length > MOST_AXES || target.length === 1) return sayReshape(node, target);
    return { op: { op: 'expandDims', axis: resolveAxis(given[0] as number, target.length) }, inputs: [node.operand(0)] };
  },
  shapes: (node) => [unsqueezed(node)],
};

/** All axes from `axis` on as one, and those before it as another. */
function flattened(node: NodeView): Shape {
  const from = node.shape(0);
  const axis = resolveAxis(node.number('axis', 1), from.length);
  return [countElements(from.slice(0, axis)), countElements(from.slice(axis))];
}

/** An image as a vector is core's `flatten`, anything else a reshape. */
const flatten: Rule = {
  layout: (node) => (isImageFlatten(node) ? undefined : 'plain'),
  say: (node) =>
    node.layout === 'image' && isImageFlatten(node)
      ? { op: { op: 'flatten' }, inputs: [node.operand(0)], plainOutputs: true }
      : sayReshape(node, flattened(node)),
  shapes: (node) => [flattened(node)],
};

const isImageFlatten = (node: NodeView): boolean => node.tensor(0)?.shape?.length === 4 && resolveAxis(node.number('axis', 1), 4) === 1;

/** Nodes that give the same elements another shape. */
export const VIEWS: Rules = {
  Reshape: reshape(reshaped),
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
};
