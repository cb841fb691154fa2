import { type Graph, type LayoutGroup, LayoutGroups, type Op, type Shapes, type ValueId } from '@nnm/core';
import type { Layout } from './layout-of-axes.ts';
import { LOWERINGS } from './lowerings.ts';

/** The layout that every op runs in and every value is kept in. */
export interface Layouts {
  readonly ofOp: ReadonlyMap<Op, Layout>;
  readonly ofValue: ReadonlyMap<ValueId, Layout>;
}

type Group = LayoutGroup<Layout>;
const layouts = new LayoutGroups<Layout>('first');

/** True for a softmax of the last axis, as attention has it of its scores. */
function isOfRows(op: Op, shapes: Shapes): boolean {
  if (op.op !== 'softmax' && op.op !== 'logSoftmax') return false;
  return op.axis === -1 || op.axis === (shapes.get(op.inputs[0] as ValueId)?.length ?? 0) - 1;
}

/**
 * Choose layouts so that a model has no transposes that a PyTorch module would not have: what comes out of convolutions stays
 * channels first until an op needs the graph's order; inputs are as their readers want them, a softmax has its rows together, and
 * images are what is left.
 */
export function assignLayouts(graph: Graph, shapes: Shapes): Layouts {
  const groups = new Map<ValueId, Group>();
  const groupsOfOps = new Map<Op, Group>();
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').flatMap(({ outputs }) => outputs));
  const hasLayout = (id: ValueId): boolean => shapes.get(id)?.length === 4 && !constants.has(id);
  for (const { id } of graph.inputs) groups.set(id, {});
  for (const op of graph.ops) {
    const kind = LOWERINGS.get(op.op)?.layout ?? 'any';
    const inputs = op.inputs.filter(hasLayout).map((id) => layouts.rootOf(groups.get(id) as Group));
    // What is left of five axes is as in the graph.
    const isOfFive = op.inputs.some((id) => (shapes.get(id)?.length ?? 0) > 4);
    const group: Group = kind !== 'any' ? { fixed: kind } : isOfFive ? { fixed: 'last' } : layouts.join(inputs);
    groupsOfOps.set(op, group);
    if (kind !== 'any') for (const input of inputs) layouts.ask(input, kind);
    else if (isOfRows(op, shapes)) layouts.ask(group, 'last');
    for (const id of op.outputs) groups.set(id, group);
  }
  const resolve = (group: Group): Layout => layouts.layoutOf(group) ?? 'first';
  return {
    ofOp: new Map([...groupsOfOps].map(([op, group]) => [op, resolve(group)])),
    ofValue: new Map([...groups].map(([id, group]) => [id, resolve(group)])),
  };
}
