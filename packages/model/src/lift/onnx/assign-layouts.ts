import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import type { Layout } from './layout.ts';

/** Nodes that need one layout because nodes that do not care lie between them, and who asks for which. */
interface Group {
  joined?: Group;
  fixed?: Layout | undefined;
  wanted?: Layout;
}

const rootOf = (group: Group): Group => (group.joined === undefined ? group : rootOf(group.joined));
const layoutOf = ({ fixed, wanted }: Group): Layout | undefined => fixed ?? wanted;

/**
 * The layout of every node: of those that do not care that of what they read, else of what reads them. Where nobody asks, four axes are an image and
 * others are not.
 *
 * @param needed - the layout that each node needs
 */
export function assignLayouts(
  nodes: readonly ModelNode[],
  needed: readonly (Layout | undefined)[],
  tensors: ReadonlyMap<string, ModelTensor>,
): readonly Layout[] {
  const groups = new Map<string, Group>();
  const rankOf = (name: string): number => tensors.get(name)?.shape?.length ?? 0;
  const hasLayout = (name: string): boolean => rankOf(name) > 2 && !tensors.get(name)?.constant;
  const groupOf = (name: string): Group => {
    const group = groups.get(name) ?? {};
    groups.set(name, group);
    return rootOf(group);
  };
  const ofNodes = nodes.map((node, index): Group => {
    const inputs = node.inputs.filter(hasLayout).map(groupOf);
    const fixed = needed[index];
    const group = fixed === undefined ? join(inputs) : { fixed };
    if (fixed !== undefined) for (const input of inputs) ask(input, fixed);
    for (const name of node.outputs) groups.set(name, group);
    return group;
  });
  return ofNodes.map((group, index) => layoutOf(rootOf(group)) ?? defaultLayout(nodes[index] as ModelNode, rankOf));
}

const defaultLayout = ({ inputs, outputs }: ModelNode, rankOf: (name: string) => number): Layout =>
  Math.max(0, ...[...inputs, ...outputs].map(rankOf)) === 4 ? 'image' : 'plain';

/** One group for all; where images and other values meet, they meet as images. */
function join(groups: readonly Group[]): Group {
  const settled = groups.find((group) => layoutOf(group) === 'image') ?? groups.find(({ fixed }) => fixed !== undefined);
  const layout = settled && layoutOf(settled);
  const open = groups.filter((group) => group.fixed === undefined && group !== settled);
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
  if (group.fixed === undefined && group.wanted !== 'image') group.wanted = layout;
}
