import { countElements, type ResizeCoordinates, type Shape } from '@nnm/core';
import { asFinite } from '../../finite-values.ts';
import { resolveStridedSlice } from '../strided-slice.ts';
import type { Rule, Rules, Saying, TensorFlowNode } from '../tensorflow-node.ts';

/** What nnm says for the indices of a table's rows that are known at run time only: any, in order. */
const anyIndices = (count: number, size: number): readonly number[] => Array.from({ length: count }, (_, index) => index % size);

function reshape(node: TensorFlowNode): Saying {
  const known = node.has(1) ? node.tensor(1).values : node.list('new_shape');
  const shape = known ?? node.outputShape() ?? node.gap('has a shape that is computed at run time');
  return { op: 'reshape', shape: shape.length === 0 ? [1] : shape };
}

const pairs = (values: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: values.length / 2 }, (_, axis) => [values[2 * axis]!, values[2 * axis + 1]!]);

const pad =
  (mode: (node: TensorFlowNode) => 'constant' | 'reflect' | 'symmetric', hasValue = false): Rule =>
  (node) => ({
    op: 'pad',
    paddings: pairs(node.values(1, 'paddings')),
    mode: mode(node),
    value: hasValue ? asFinite(node.values(2, 'values')[0] ?? 0) : 0,
  });

function split(node: TensorFlowNode): Saying {
  const axis = node.axis(node.values(0, 'axes')[0] ?? 0, node.shape(1).length);
  return { op: 'split', inputs: [node.input(1)], ...lastIsDefault(axis, node.shape(1)) };
}

function splitV(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const axis = node.axis(node.values(2, 'axes')[0] ?? 0, shape.length);
  const given = node.values(1, 'sizes');
  const rest = shape[axis]! - given.filter((size) => size !== -1).reduce((sum, size) => sum + size, 0);
  return { op: 'split', ...lastIsDefault(axis, shape), sizes: given.map((size) => (size === -1 ? rest : size)) };
}

/** Core leaves the axis out where it is the last. */
const lastIsDefault = (axis: number, shape: Shape): { readonly axis?: number } => (axis === shape.length - 1 ? {} : { axis });

function concat(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const inputs = node.node.inputs.filter((name) => name !== '');
  return { op: 'concat', inputs, ...lastIsDefault(node.axis(node.number('axis'), shape.length), shape) };
}

/** Indices of one axis; a table's rows at indices that are computed cost the same wherever they are. */
function gather(node: TensorFlowNode): readonly Saying[] {
  if (node.number('batch_dims') !== 0) node.gap('gathers per batch');
  return gatherRows(node, node.input(0), node.shape(0), 1, node.axis(node.number('axis'), node.shape(0).length));
}

function gatherRows(node: TensorFlowNode, table: string, shape: Shape, indexInput: number, axis: number): readonly Saying[] {
  const places = node.shape(indexInput);
  const size = shape[axis]!;
  const known = node.tensor(indexInput).values?.map((index) => (index < 0 ? index + size : index));
  const indices = known ?? anyIndices(countElements(places), size);
  const picked: Saying = { op: 'gather', inputs: [table], indices, axis };
  if (places.length === 1) return [picked];
  const result = [...shape.slice(0, axis), ...places, ...shape.slice(axis + 1)];
  return [picked, { op: 'reshape', shape: result.length === 0 ? [1] : result }];
}

function slice(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const begin = node.values(1, 'places');
  const size = node.values(2, 'sizes').map((length, axis) => (length === -1 ? shape[axis]! - begin[axis]! : length));
  return { op: 'slice', begin, size };
}

function stridedSlice(node: TensorFlowNode): readonly Saying[] {
  const shape = node.shape(0);
  const [begin, end, strides] = [1, 2, 3].map((index) => node.values(index, 'places')) as [number[], number[], number[]];
  const block = resolveStridedSlice(shape, begin, end, strides, node.node.attributes) ?? node.gap('goes backwards');
  const cut: Saying = { op: 'stridedSlice', begin: block.begin, end: block.end, strides: block.strides };
  if (block.newAxes.length > 0) return [cut, { op: 'reshape', shape: block.result }];
  if (block.dropped.length === 0) return [cut];
  return [cut, block.dropped.length === shape.length ? { op: 'reshape', shape: [1] } : { op: 'squeeze', axes: block.dropped }];
}

function squeeze(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const given = node.list('squeeze_dims').map((axis) => node.axis(axis, shape.length));
  const axes = given.length > 0 ? given : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return axes.length === shape.length ? { op: 'reshape', shape: [1] } : { op: 'squeeze', axes };
}

const resize =
  (method: 'nearest' | 'bilinear'): Rule =>
  (node) => {
    const size = node.tensor(1).values ?? node.outputShape()?.slice(1, 3) ?? node.gap('has a size that is computed at run time');
    const centres: ResizeCoordinates = node.flag('half_pixel_centers') ? 'half-pixel' : 'asymmetric';
    return { op: 'resize', size: [size[0]!, size[1]!], method, coordinates: node.flag('align_corners') ? 'aligned-corners' : centres };
  };

/** Axes of one element repeated, which is all that core has. */
function broadcastTo(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const target = node.values(1, 'shapes');
  const padded = [...Array.from({ length: Math.max(0, target.length - shape.length) }, () => 1), ...shape];
  return { op: 'tile', repeats: target.map((size, axis) => size / padded[axis]!), ...(padded.length !== shape.length && { as: padded }) };
}

/** Operators that move elements and do not look at them; they take integers of four bytes as well. */
export const movementRules: Rules = {
  RESHAPE: reshape,
  PAD: pad(() => 'constant'),
  PADV2: pad(() => 'constant', true),
  MIRROR_PAD: pad((node) => (node.word('mode') === 'SYMMETRIC' ? 'symmetric' : 'reflect')),
  TRANSPOSE: (node) => ({ op: 'transpose', permutation: node.values(1, 'axes').map((axis) => node.axis(axis, node.shape(0).length)) }),
  CONCATENATION: concat,
  SPLIT: split,
  SPLIT_V: splitV,
  PACK: (node) => ({ op: 'pack', inputs: node.node.inputs, axis: node.axis(node.number('axis'), node.shape(0).length + 1) }),
  UNPACK: (node) => ({ op: 'unpack', axis: node.axis(node.number('axis'), node.shape(0).length) }),
  GATHER: gather,
  EMBEDDING_LOOKUP: (node) => gatherRows(node, node.input(1), node.shape(1), 0, 0),
  SLICE: slice,
  STRIDED_SLICE: stridedSlice,
  SQUEEZE: squeeze,
  EXPAND_DIMS: (node) => ({ op: 'expandDims', axis: node.axis(node.values(1, 'axes')[0] ?? 0, node.shape(0).length + 1) }),
  TILE: (node) => ({ op: 'tile', repeats: node.values(1, 'repeats') }),
  BROADCAST_TO: broadcastTo,
  DEPTH_TO_SPACE: (node) => ({ op: 'depthToSpace', blockSize: node.number('block_size') }),
  SPACE_TO_DEPTH: (node) => ({ op: 'spaceToDepth', blockSize: node.number('block_size') }),
  RESIZE_BILINEAR: resize('bilinear'),
  RESIZE_NEAREST_NEIGHBOR: resize('nearest'),
};
