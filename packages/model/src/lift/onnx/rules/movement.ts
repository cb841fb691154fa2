import { countElements, resolveAxis, type Shape } from '@nnm/core';
import { asFinite } from '../../finite-values.ts';
import type { Layout } from '../layout.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule, Rules, Sentence } from '../rule.ts';
import { same } from './nothing.ts';
import { MOST_AXES, sayReshape } from './views.ts';

function permutationOf(node: NodeView): readonly number[] {
  const rank = node.shape(0).length;
  const given = node.ints('perm') ?? [];
  return given.length > 0 || rank === 0 ? given : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

function transposed(node: NodeView): Shape {
  const from = node.shape(0);
  const permutation = permutationOf(node);
  if ([...permutation].sort((a, b) => a - b).join() !== from.map((_, axis) => axis).join()) {
    node.wrong(`has the permutation [${permutation.join(', ')}] for ${from.length} axes`);
  }
  return permutation.map((axis) => from[axis] as number);
}

/** Of more axes than core has, those of size 1 are left out and those that stay neighbours are one. */
function sayTranspose(node: NodeView): Sentence {
  transposed(node);
  const from = node.shape(0);
  const permutation = permutationOf(node);
  if (from.length <= MOST_AXES) return { op: { op: 'transpose', permutation }, inputs: [node.operand(0)] };
  const runs: number[][] = [];
  for (const axis of permutation.filter((at) => from[at] !== 1)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNext = last !== undefined && axis > last && from.slice(last + 1, axis).every((size) => size === 1);
    if (isNext) run?.push(axis);
    else runs.push([axis]);
  }
  const inFile = [...runs].sort((a, b) => (a[0] as number) - (b[0] as number));
  const shape = inFile.map((run) => countElements(run.map((axis) => from[axis] as number)));
  return {
    op: { op: 'transpose', permutation: runs.map((run) => inFile.indexOf(run)) },
    inputs: [{ name: node.node.inputs[0] as string, shape: shape.length === 0 ? [1] : shape }],
  };
}

export interface Range {
  readonly begin: number;
  readonly end: number;
  readonly step: number;
}

/** What is cut out per axis of the file; ends beyond an axis are its end. */
export function slicedRanges(node: NodeView): readonly Range[] {
  const shape = node.shape(0);
  const isOld = node.opset < 10;
  const list = (index: number, name: string): readonly number[] | undefined =>
    isOld ? node.ints(name) : node.has(index) ? node.values(index, name) : undefined;
  const starts = list(1, 'starts') ?? [];
  const ends = list(2, 'ends') ?? [];
  const axes = (list(3, 'axes') ?? starts.map((_, axis) => axis)).map((axis) => resolveAxis(axis, shape.length));
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  return shape.map((size, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return { begin: 0, end: size, step: 1 };
    const step = steps[at] ?? 1;
    if (step === 0) node.wrong('has steps of 0');
    const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
    const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + size : value, least), most);
    return { begin: clamp(starts[at] as number), end: clamp(ends[at] as number), step };
  });
}

const countOf = ({ begin, end, step }: Range): number => Math.max(0, Math.ceil((end - begin) / step));

const slice: Rule = {
  say(node) {
    const ranges = slicedRanges(node);
    const shape = node.shape(0);
    if (ranges.every((range, axis) => range.step === 1 && countOf(range) === shape[axis])) return same(node);
    if (ranges.some(({ step }) => step < 0)) node.gap('Slice backwards has no equivalent in nnm');
    const whole = { begin: 0, end: 1, step: 1 };
    const inOrder = node.perAxis(ranges, whole);
    const begin = inOrder.map((range) => range.begin);
    if (inOrder.every(({ step }) => step === 1))
      return { op: { op: 'slice', begin, size: inOrder.map(countOf) }, inputs: [node.operand(0)] };
    const op = { op: 'stridedSlice', begin, end: inOrder.map(({ end }) => end), strides: inOrder.map(({ step }) => step) } as const;
    return { op, inputs: [node.operand(0)] };
  },
  shapes: (node) => [slicedRanges(node).map(countOf)],
};

/** Sizes of the parts along the axis. */
export function partSizes(node: NodeView): readonly number[] {
  const shape = node.shape(0);
  const whole = shape[resolveAxis(node.number('axis', 0), shape.length)] as number;
  const given = node.valuesOrAttribute(1, 'split') ?? [];
  if (given.length > 0) {
    if (given.length !== node.node.outputs.length || given.reduce((sum, size) => sum + size, 0) !== whole) {
      node.wrong(`cuts ${whole} into ${node.node.outputs.length} parts of [${given.join(', ')}]`);
    }
    return given;
  }
  const parts = node.node.outputs.length;
  const size = Math.ceil(whole / parts);
  return node.node.outputs.map((_, part) => Math.max(0, Math.min(size, whole - part * size)));
}

const split: Rule = {
  say(node) {
    const sizes = partSizes(node);
    if (sizes.length === 1) return same(node);
    const axis = node.axis(node.number('axis', 0), node.shape(0).length);
    const isEqual = sizes.every((size) => size === sizes[0]);
    return {
      op: { op: 'split', ...lastIsAbsent(axis, node.operand(0).shape.length), ...(!isEqual && { sizes }) },
      inputs: [node.operand(0)],
    };
  },
  shapes(node) {
    const shape = node.shape(0);
    const axis = resolveAxis(node.number('axis', 0), shape.length);
    return partSizes(node).map((size) => shape.map((other, at) => (at === axis ? size : other)));
  },
};

/** Core leaves out the last axis, which is that of channels. */
const lastIsAbsent = (axis: number, rank: number): { readonly axis?: number } => (axis === rank - 1 ? {} : { axis });

/** The file's axis that values are joined along. */
export function joinedAxis(node: NodeView): number {
  const rank = node.shape(0).length;
  const axis = resolveAxis(node.number('axis', undefined) ?? node.wrong('has no axis'), rank);
  return axis >= 0 && axis < rank ? axis : node.wrong(`joins values of ${rank} axes along axis ${axis}`);
}

const concat: Rule = {
  say(node) {
    const rank = node.shape(0).length;
    const filled = node.node.inputs.map((_, index) => index).filter((index) => countElements(node.shape(index)) > 0);
    if (filled.length === 1) return { same: node.node.inputs[filled[0] as number] as string };
    const inputs = filled.map((index) => node.operand(index));
    return { op: { op: 'concat', ...lastIsAbsent(node.axis(joinedAxis(node), rank), inputs[0]?.shape.length ?? 0) }, inputs };
  },
  shapes(node) {
    const shapes = node.node.inputs.map((_, index) => node.shape(index));
    const [first] = shapes as [Shape];
    const axis = joinedAxis(node);
    for (const shape of shapes) {
      if (shape.length !== first.length || shape.some((size, at) => at !== axis && size !== first[at])) {
        node.wrong(`joins [${first.join(', ')}] and [${shape.join(', ')}] along axis ${axis}`);
      }
    }
    return [first.map((size, at) => (at === axis ? shapes.reduce((sum, shape) => sum + (shape[axis] as number), 0) : size))];
  },
};

/** Before and after each axis of the file. */
function paddingsOf(node: NodeView): readonly (readonly [number, number])[] {
  const shape = node.shape(0);
  const pads = (node.has(1) ? node.values(1, 'pads') : (node.ints('pads') ?? node.ints('paddings'))) ?? node.wrong('has no pads');
  const axes = node.has(3) ? node.values(3, 'axes').map((axis) => resolveAxis(axis, shape.length)) : shape.map((_, axis) => axis);
  return shape.map((_, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
  });
}

const pad: Rule = {
  say(node) {
    const paddings = paddingsOf(node);
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return same(node);
    if (paddings.some(([before, after]) => before < 0 || after < 0)) node.gap('Pad that cuts off has no equivalent in nnm');
    const mode = node.text('mode', 'constant');
    if (mode !== 'constant' && mode !== 'reflect' && mode !== 'edge') return node.gap(`Pad with the mode ${mode} has no equivalent in nnm`);
    const given = mode === 'constant' ? (node.tensor(2)?.values?.[0] ?? node.number('value', 0)) : 0;
    return { op: { op: 'pad', paddings: node.perAxis(paddings, [0, 0]), mode, value: asFinite(given) }, inputs: [node.operand(0)] };
  },
  shapes: (node) => [
    node
      .shape(0)
      .map(
        (size, axis) =>
          size + (paddingsOf(node)[axis] as readonly [number, number])[0] + (paddingsOf(node)[axis] as readonly [number, number])[1],
      ),
  ],
};

/**
 * Slices of an axis by constant indices. One index that takes its axis away, and indices of several axes, are said as a list; so the op keeps an
 * axis that the file drops.
 */
const gather: Rule = {
  layout: (node) => (node.tensor(1)?.shape?.length === 1 ? undefined : 'plain'),
  say(node): Sentence {
    if (!node.isConstant(1)) node.gap('Gather by indices that are computed at run time has no equivalent in nnm');
    const shape = node.shape(0);
    const size = shape[resolveAxis(node.number('axis', 0), shape.length)] as number;
    const count = countElements(node.shape(1));
    // What long lists pick is not read; any rows cost the same.
    const given = node.tensor(1)?.values ?? Array.from({ length: count }, (_, index) => index % size);
    const indices = given.map((index) => (index < 0 ? index + size : index));
    const outside = indices.find((index) => index < 0 || index >= size);
    if (outside !== undefined) node.wrong(`picks ${outside} of ${size}`);
    return { op: { op: 'gather', indices, axis: node.axis(node.number('axis', 0), shape.length) }, inputs: [node.operand(0)] };
  },
  shapes(node) {
    const shape = node.shape(0);
    const axis = resolveAxis(node.number('axis', 0), shape.length);
    return [[...shape.slice(0, axis), ...node.shape(1), ...shape.slice(axis + 1)]];
  },
};

const tile: Rule = {
  say(node) {
    const repeats = node.values(1, 'repeats');
    if (repeats.every((times) => times === 1)) return same(node);
    return { op: { op: 'tile', repeats: node.perAxis(repeats, 1) }, inputs: [node.operand(0)] };
  },
  shapes(node) {
    const repeats = node.values(1, 'repeats');
    return [node.shape(0).map((size, axis) => size * (repeats[axis] ?? 1))];
  },
};

/** What a shape and the sizes asked for broadcast to. */
function expanded(node: NodeView): Shape {
  const known = node.knownOutput(0);
  if (known !== undefined && node.tensor(1)?.values === undefined) return known;
  const [from, to] = [node.shape(0), node.values(1, 'sizes')];
  const rank = Math.max(from.length, to.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [a, b] = [from[axis - rank + from.length] ?? 1, to[axis - rank + to.length] ?? 1];
    if (a !== b && a !== 1 && b !== 1) node.wrong(`stretches [${from.join(', ')}] to [${to.join(', ')}]`);
    return a === 1 ? b : a;
  });
}

/** Axes of size 1 repeated. */
const expand: Rule = {
  layout: 'plain',
  say(node) {
    const target = expanded(node);
    const from = [...Array<number>(target.length - node.shape(0).length).fill(1), ...node.shape(0)];
    const repeats = target.map((size, axis) => size / (from[axis] as number));
    if (repeats.every((times) => times === 1)) return from.length === node.shape(0).length ? same(node) : sayReshape(node, target);
    return { op: { op: 'tile', repeats }, inputs: [{ name: node.node.inputs[0] as string, shape: from }] };
  },
  shapes: (node) => [expanded(node)],
};

/** ONNX has two orders of channels, which cost the same; core has one. */
const depthToSpace: Rule = {
  layout: 'image',
  say: (node) => ({ op: { op: 'depthToSpace', blockSize: node.number('blocksize', 1) }, inputs: [node.operand(0)] }),
};

const spaceToDepth: Rule = {
  layout: 'image',
  say: (node) => ({ op: { op: 'spaceToDepth', blockSize: node.number('blocksize', 1) }, inputs: [node.operand(0)] }),
};

/** The axes of a channel shuffle's image are those of its reshape. */
const channelShuffle: Rule = {
  layout: 'image',
  say: (node) => ({ op: { op: 'channelShuffle', groups: node.number('groups', 1) }, inputs: [node.operand(0)] }),
};

const pack: Rule = {
  layout: 'plain',
  say: (node) => ({ op: { op: 'pack', axis: node.number('axis', 0) }, inputs: node.node.inputs.map((_, index) => node.operand(index)) }),
};

const unpack: Rule = {
  layout: 'plain',
  say: (node) => ({ op: { op: 'unpack', axis: node.number('axis', 0) }, inputs: [node.operand(0)] }),
};

const plain: Layout = 'plain';

export const MOVEMENTS: Rules = {
  Transpose: { layout: plain, say: sayTranspose, shapes: (node) => [transposed(node)] },
  Slice: slice,
  Split: split,
  Concat: concat,
  Pad: pad,
  Gather: gather,
  Tile: tile,
  Expand: expand,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  'nnm::ChannelShuffle': channelShuffle,
  'nnm::Pack': pack,
  'nnm::Unpack': unpack,
};
