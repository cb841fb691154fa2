import type { RunPart } from '@nnm/core';
import { BLOCKED_DOMAIN } from './cut-out.ts';
import { type FileNode, readModelFile } from './model-file.ts';

/** Nodes that only change between blocked and plain channels. */
const REORDERS: ReadonlySet<string> = new Set(['ReorderInput', 'ReorderOutput']);
/** A blocked node is called after the value that the node which it replaces made; others keep the name of a node, and append to it. */
const BLOCKED_NAME = /(_bn)?_nchwc$/;
const NODE_NAME = /^[^/]*/;
const SUM_INPUT = 3;

/**
 * Map the nodes of an optimised model back to those of its file.
 *
 * Every optimised node computes one value of the file from others of it; what lies between belongs to it. Values that only the optimised
 * model has are followed to where they come from.
 *
 * @param original - the file; @param optimised - what the runtime saved of it
 * @returns the parts in the order in which they run; a reorder computes nothing and has the value that it reorders
 */
export function explainOptimised(original: Uint8Array, optimised: Uint8Array): readonly RunPart[] {
  const file = readModelFile(original);
  const makers = new Map(file.nodes.flatMap((node) => node.outputs.map((name): [string, FileNode] => [name, node])));
  const known = new Set([...makers.keys(), ...file.inputs.keys()].filter((name) => !file.initializers.has(name)));
  const byName = new Map(file.nodes.map((node) => [node.name, node]));
  const model = readModelFile(optimised);
  /** Values of the file that a value of the optimised model is made of: itself, where the file has it. */
  const origins = new Map<string, readonly string[]>();
  const originsOf = (name: string): readonly string[] => origins.get(name) ?? (known.has(name) ? [name] : []);
  const readerNames = namesByReaders(model.nodes, makers);
  const namedByReader = ({ outputs }: FileNode): readonly string[] => {
    const name = readerNames.get(outputs[0] as string);
    return name !== undefined && makers.has(name) ? [name] : [];
  };
  /** Operators of nodes whose results the file does not have, by result. */
  const within = new Map<string, Pick<RunPart, 'operators'> & { readonly nodes: readonly string[] }>();
  const parts: RunPart[] = [];
  for (const node of model.nodes) {
    const sources = [...new Set(node.inputs.flatMap(originsOf))];
    const before = [...new Set(node.inputs.flatMap((name) => within.get(name) ?? []))];
    const operators = [...before.flatMap((one) => one.operators), operatorOf(node)];
    const names = [...before.flatMap((one) => one.nodes), node.name];
    if (REORDERS.has(node.operator)) {
      for (const name of node.outputs) origins.set(name, sources);
      parts.push({ operators: [node.operator], values: [], reorders: sources, nodes: [node.name] });
      continue;
    }
    const results = known.has(node.outputs[0] as string)
      ? node.outputs
      : node.domain === BLOCKED_DOMAIN
        ? blockedResult(node, file.nodes, makers)
        : ((byName.get(node.name) ?? byName.get(NODE_NAME.exec(node.name)?.[0] ?? ''))?.outputs ?? namedByReader(node));
    if (results.length === 0) {
      for (const name of node.outputs) {
        origins.set(name, sources);
        within.set(name, { operators, nodes: names });
      }
      continue;
    }
    for (const [at, name] of node.outputs.entries()) origins.set(name, [results[at] ?? (results[0] as string)]);
    parts.push({ operators, values: valuesBetween(results, new Set(sources), makers), nodes: names });
  }
  return parts;
}

/** What the file calls the values that blocked nodes read, by the node that each replaces. */
function namesByReaders(nodes: readonly FileNode[], makers: ReadonlyMap<string, FileNode>): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap((node): readonly (readonly [string, string])[] => {
      const replaced = node.domain === BLOCKED_DOMAIN ? makers.get(node.name.replace(BLOCKED_NAME, '')) : undefined;
      const [value, name] = [node.inputs[0], replaced?.inputs[0]];
      return replaced?.operator === node.operator && value !== undefined && name !== undefined ? [[value, name]] : [];
    }),
  );
}

const operatorOf = ({ operator, texts }: FileNode): string =>
  texts.has('activation') ? `${operator}, ${texts.get('activation')}` : operator;

/** The value of the file that a blocked node makes: that which it is called after, or what follows where it adds or activates as well. */
function blockedResult(node: FileNode, nodes: readonly FileNode[], makers: ReadonlyMap<string, FileNode>): readonly string[] {
  let value = node.name.replace(BLOCKED_NAME, '');
  if (!makers.has(value)) return [];
  const next = (): FileNode | undefined => nodes.find(({ inputs }) => inputs.includes(value));
  const follow = (accepts: (operator: string) => boolean): void => {
    const reader = next();
    if (reader !== undefined && accepts(reader.operator)) value = reader.outputs[0] as string;
  };
  if (node.operator === 'Conv' && node.inputs[SUM_INPUT] !== undefined) follow((operator) => operator === 'Add');
  const activation = node.texts.get('activation');
  if (activation !== undefined && (makers.get(value) as FileNode).operator !== activation) follow((operator) => operator === activation);
  return [value];
}

/** Names of the values that lie between `sources` and `results`, the results among them, in any order. */
function valuesBetween(results: readonly string[], sources: ReadonlySet<string>, makers: ReadonlyMap<string, FileNode>): readonly string[] {
  const values = new Set<string>();
  const open = [...results];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const maker = makers.get(name);
    if (maker === undefined || sources.has(name) || values.has(name)) continue;
    values.add(name);
    open.push(...maker.inputs);
  }
  return [...values];
}
