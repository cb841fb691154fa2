import type { Graph, Op, Shapes, ValueId } from '@nnm/core';
import type { Layout } from './layout-of-axes.ts';
import { LOWERINGS } from './lowerings.ts';

/** The layout that every op runs in and every value is kept in. */
export interface Layouts {
  readonly ofOp: ReadonlyMap<Op, Layout>;
  readonly ofValue: ReadonlyMap<ValueId, Layout>;
}

/** Values that have to be of one layout because ops that do not care lie between them, and who asks for which. */
interface Group {
  joined?: Group;
  fixed?: Layout;
  wanted?: Layout;
}

const rootOf = (group: Group): Group => (group.joined === undefined ? group : rootOf(group.joined));

/**
 * Choose layouts so that a model has no transposes that a PyTorch module would not have: what comes out of convolutions stays
 * channels first until an op needs the graph's order; inputs are as their readers want them, images when nobody asks.
 */
export function assignLayouts(graph: Graph, shapes: Shapes): Layouts {
  const groups = new Map<ValueId, Group>();
  const groupsOfOps = new Map<Op, Group>();
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').flatMap(({ outputs }) => outputs));
  const hasLayout = (id: ValueId): boolean => shapes.get(id)?.length === 4 && !constants.has(id);
  for (const { id } of graph.inputs) groups.set(id, {});
  for (const op of graph.ops) {
    const kind = LOWERINGS.get(op.op)?.layout ?? 'any';
    const inputs = op.inputs.filter(hasLayout).map((id) => rootOf(groups.get(id) as Group));
    // What is left of five axes is as in the graph.
    const isOfFive = op.inputs.some((id) => (shapes.get(id)?.length ?? 0) > 4);
    const group: Group = kind !== 'any' ? { fixed: kind } : isOfFive ? { fixed: 'last' } : join(inputs);
    groupsOfOps.set(op, group);
    if (kind !== 'any') for (const input of inputs) ask(input, kind);
    for (const id of op.outputs) groups.set(id, group);
  }
  const resolve = (group: Group): Layout => {
    const root = rootOf(group);
    return root.fixed ?? root.wanted ?? 'first';
  };
  return {
    ofOp: new Map([...groupsOfOps].map(([op, group]) => [op, resolve(group)])),
    ofValue: new Map([...groups].map(([id, group]) => [id, resolve(group)])),
  };
}

/**
 * One group for all. Where images and other values meet, as in the residual of a block, they meet as images: that is where a
 * PyTorch module permutes.
 */
function join(groups: readonly Group[]): Group {
  const image = groups.find(({ fixed, wanted }) => (fixed ?? wanted) === 'first');
  const settled = image ?? groups.find(({ fixed }) => fixed !== undefined);
  const open = groups.filter((group) => group.fixed === undefined && group !== settled);
  const layout = settled?.fixed ?? settled?.wanted;
  if (settled !== undefined && layout !== undefined) {
    for (const group of open) ask(group, layout);
    return settled;
  }
  const [root = {}, ...rest] = [...new Set(open)];
  for (const group of rest) {
    if (group.wanted !== undefined) ask(root, group.wanted);
    group.joined = root;
  }
  return root;
}

/** Convolutions come first: they cannot run in another layout. */
function ask(group: Group, layout: Layout): void {
  if (group.fixed === undefined && group.wanted !== 'first') group.wanted = layout;
}
