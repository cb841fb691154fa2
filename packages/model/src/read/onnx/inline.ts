import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxNode } from './onnx-model.ts';

/** Names of a part that is put into a graph: those given by the outside, all others with a prefix. */
function renamer(given: ReadonlyMap<string, string>, prefix: string): Rename {
  return (name) => (name === '' ? '' : (given.get(name) ?? `${prefix}/${name}`));
}

/** The nodes of a local function with the names and attributes of the node that calls it. */
export function inlineFunction(call: OnnxNode, { inputs, outputs, nodes, defaults }: OnnxFunction): readonly OnnxNode[] {
  const given = new Map([
    ...inputs.map((name, index): [string, string] => [name, call.inputs[index] ?? '']),
    ...outputs.flatMap((name, index): [string, string][] => {
      const outside = call.outputs[index] ?? '';
      return outside === '' ? [] : [[name, outside]];
    }),
  ]);
  const rename = renamer(given, call.name);
  const attributeOf = (name: string): OnnxAttribute | undefined => call.attributes.get(name) ?? defaults.get(name);
  return nodes.map((node) => ({
    ...renameNode(node, rename, call.name),
    attributes: new Map(
      [...renameNode(node, rename).attributes].flatMap(([name, attribute]): [string, OnnxAttribute][] => {
        const resolved = attribute.kind === 'reference' ? attributeOf(attribute.name) : attribute;
        return resolved === undefined ? [] : [[name, resolved]];
      }),
    ),
  }));
}

/** The nodes of the branch that a condition chooses; its own values get the name of the node in front. */
export function inlineBranch(call: OnnxNode, branch: OnnxGraph): Pick<OnnxGraph, 'nodes' | 'initializers' | 'valueInfos'> {
  const own = new Set([...branch.nodes.flatMap(({ outputs }) => outputs), ...branch.initializers.map(({ name }) => name)]);
  const rename = (name: string): string => (own.has(name) ? `${call.name}/${name}` : name);
  const results = branch.outputs.map(
    ({ name }, index): OnnxNode => ({
      name: `${call.name}/output${index}`,
      operator: 'Identity',
      domain: '',
      inputs: [rename(name)],
      outputs: [call.outputs[index] ?? ''],
      attributes: new Map(),
    }),
  );
  return {
    nodes: [...branch.nodes.map((node) => renameNode(node, rename, call.name)), ...results.filter(({ outputs }) => outputs[0] !== '')],
    initializers: branch.initializers.map((tensor) => ({ ...tensor, name: rename(tensor.name) })),
    valueInfos: [],
  };
}

type Rename = (name: string) => string;

/** A node under other names; graphs in its attributes keep their own and take what is around them by the new ones. */
function renameNode(node: OnnxNode, rename: Rename, prefix?: string): OnnxNode {
  return {
    ...node,
    ...(prefix !== undefined && { name: `${prefix}/${node.name === '' ? node.operator : node.name}` }),
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: new Map(
      [...node.attributes].map(([name, attribute]): [string, OnnxAttribute] => [
        name,
        attribute.kind === 'graph' ? { kind: 'graph', graph: renameCaptured(attribute.graph, rename) } : attribute,
      ]),
    ),
  };
}

function renameCaptured(graph: OnnxGraph, rename: Rename): OnnxGraph {
  const captured = new Set(capturedNames(graph));
  const renameOuter: Rename = (name) => (captured.has(name) ? rename(name) : name);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renameNode(node, renameOuter)),
    outputs: graph.outputs.map((value) => ({ ...value, name: renameOuter(value.name) })),
  };
}

/** Names that a graph in an attribute takes from the graphs around it. */
export function capturedNames(graph: OnnxGraph): readonly string[] {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const used = graph.nodes.flatMap((node) => [...node.inputs, ...nodeCaptures(node)]);
  return [...new Set([...used, ...graph.outputs.map(({ name }) => name)])].filter((name) => name !== '' && !own.has(name));
}

/** Names that the graphs in a node's attributes take from around the node. */
export const nodeCaptures = (node: OnnxNode): readonly string[] =>
  [...node.attributes.values()].flatMap((attribute) => (attribute.kind === 'graph' ? capturedNames(attribute.graph) : []));
