import { type LayoutGroup, LayoutGroups } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import type { Layout } from './layout.ts';

const layouts = new LayoutGroups<Layout>('image');

/**
 * The layout of every node: of those that do not care that of what they read, else of what reads them. A softmax of the last
 * axis asks for the file's own order; where nobody asks, four axes are an image and others are not.
 *
 * @param needed - the layout that each node needs
 */
export function assignLayouts(
  nodes: readonly ModelNode[],
  needed: readonly (Layout | undefined)[],
  tensors: ReadonlyMap<string, ModelTensor>,
): readonly Layout[] {
  const groups = new Map<string, LayoutGroup<Layout>>();
  const rankOf = (name: string): number => tensors.get(name)?.shape?.length ?? 0;
  const hasLayout = (name: string): boolean => rankOf(name) > 2 && !tensors.get(name)?.constant;
  const groupOf = (name: string): LayoutGroup<Layout> => {
    const group = groups.get(name) ?? {};
    groups.set(name, group);
    return layouts.rootOf(group);
  };
  const ofNodes = nodes.map((node, index): LayoutGroup<Layout> => {
    const inputs = node.inputs.filter(hasLayout).map(groupOf);
    const fixed = needed[index];
    const group = fixed === undefined ? layouts.join(inputs) : { fixed };
    if (fixed !== undefined) for (const input of inputs) layouts.ask(input, fixed);
    else if (isOfRows(node, rankOf)) layouts.ask(group, 'plain');
    for (const name of node.outputs) groups.set(name, group);
    return group;
  });
  return ofNodes.map((group, index) => layouts.layoutOf(group) ?? defaultLayout(nodes[index] as ModelNode, rankOf));
}

/** True for a softmax of the last axis, as attention has it of its scores. */
function isOfRows({ operator, attributes, inputs }: ModelNode, rankOf: (name: string) => number): boolean {
  if (operator !== 'Softmax' && operator !== 'LogSoftmax') return false;
  return attributes.axis === -1 || attributes.axis === rankOf(inputs[0] as string) - 1;
}

const defaultLayout = ({ inputs, outputs }: ModelNode, rankOf: (name: string) => number): Layout =>
  Math.max(0, ...[...inputs, ...outputs].map(rankOf)) === 4 ? 'image' : 'plain';
