import { entryOf } from '../../graph/entry-of.ts';
import type { AttributeValue, ElementType, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { InvalidModelError } from '../errors.ts';
import type { DraftInput, ModelDraft } from './draft.ts';
import { plainAttributes, sizesOf, typeOf } from './graph-attributes.ts';
import type { GraphNode, ModelJson } from './model-json.ts';

/** Nodes that hand on what they are given. */
const PASSES: ReadonlySet<string> = new Set(['Identity', 'StopGradient', 'PlaceholderWithDefault', 'Snapshot', 'PreventGradient']);

/** The attribute that says how many results a node has. */
const RESULTS: Readonly<Record<string, string>> = { Split: 'num_split', SplitV: 'num_split', Unpack: 'num' };

/** The nodes of a graph model in execution order. */
export function parseGraph(
  { signature }: ModelJson,
  given: readonly GraphNode[],
  weights: readonly ModelTensor[],
  file: string,
): ModelDraft {
  const byName = new Map(given.map((node) => [node.name, node]));
  if (byName.size < given.length) throw new InvalidModelError({ file, problem: 'is damaged: it has two nodes of one name' });
  const resolved = new Map<string, string>();
  const resolve = (reference: string): string => {
    const passed: string[] = [];
    let name = reference.replace(/:0$/, '');
    for (let steps = 0; steps <= given.length; steps++) {
      const known = resolved.get(name);
      if (known !== undefined) return remember(passed, known);
      const node = byName.get(name.replace(/:\d+$/, ''));
      if (node === undefined) throw new InvalidModelError({ file, problem: `is damaged: it refers to "${name}", which is not there` });
      if (!PASSES.has(node.op)) return remember(passed, name);
      passed.push(name);
      name = (node.input?.[0] ?? '').replace(/:0$/, '');
    }
    throw new InvalidModelError({ file, problem: `is damaged: "${name}" leads to itself` });
  };
  const remember = (names: readonly string[], end: string): string => {
    for (const name of names) resolved.set(name, end);
    return end;
  };
  const nodes = given.filter(({ op }) => op !== 'Const' && op !== 'Placeholder' && op !== 'NoOp' && !PASSES.has(op));
  const attributes = new Map(given.map(({ name, attr = {} }) => [name, plainAttributes(attr)]));
  const parsed = nodes.map((node) => parseNode(node, attributes.get(node.name)!, resolve));
  const used = new Set(given.flatMap(({ input = [] }) => input.filter((name) => !name.startsWith('^')).map((name) => resolve(name))));
  const known = new Set([
    ...given.filter(({ op }) => op === 'Const' || op === 'Placeholder').map(({ name }) => name),
    ...parsed.flatMap(({ outputs }) => outputs),
  ]);
  const said = Object.values(signature?.outputs ?? {}).flatMap(({ name }) => (name === undefined ? [] : [resolve(name)]));
  const ends = parsed.flatMap(({ outputs }) => outputs.slice(0, 1)).filter((name) => !used.has(name));
  const missing = [...parsed.flatMap(({ inputs }) => inputs), ...said].find((name) => !known.has(name));
  if (missing !== undefined) throw new InvalidModelError({ file, problem: `is damaged: nothing makes "${missing}", which it uses` });
  return {
    inputs: given.filter(({ op }) => op === 'Placeholder').map(parseInput),
    constants: constantsOf(given, weights, attributes, file),
    nodes: inOrder(parsed, file),
    outputs: said.length > 0 ? [...new Set(said)] : ends,
    typeOf: (name) => resultType(byName.get(name.replace(/:\d+$/, ''))!, attributes),
  };
}

function parseNode(
  { name, op, input = [] }: GraphNode,
  attributes: Readonly<Record<string, AttributeValue>>,
  resolve: (reference: string) => string,
): ModelNode {
  const results = Number(attributes[entryOf(RESULTS, op) ?? ''] ?? 1);
  return {
    name,
    operator: op,
    attributes,
    inputs: input.filter((reference) => !reference.startsWith('^')).map((reference) => resolve(reference)),
    outputs: Array.from({ length: Math.min(Math.max(1, results), 1024) }, (_, index) => (index === 0 ? name : `${name}:${index}`)),
  };
}

function parseInput({ name, attr = {} }: GraphNode): DraftInput {
  const shape = attr.shape?.shape && sizesOf(attr.shape.shape);
  return { name, ...(shape && { shape }), dtype: typeOf(plainAttributes(attr).dtype) };
}

/** A constant is a node whose elements are in the manifest. */
function constantsOf(
  given: readonly GraphNode[],
  weights: readonly ModelTensor[],
  attributes: ReadonlyMap<string, Readonly<Record<string, AttributeValue>>>,
  file: string,
): readonly ModelTensor[] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  return given
    .filter(({ op }) => op === 'Const')
    .map(({ name }) => {
      const weight = byName.get(name);
      if (weight !== undefined) return weight;
      if (attributes.get(name)?.dtype !== 'DT_STRING') {
        throw new InvalidModelError({ file, problem: `is damaged: its manifest lacks the weight "${name}"` });
      }
      return { name, dtype: 'string', constant: true };
    });
}

function resultType({ op, name }: GraphNode, attributes: ReadonlyMap<string, Readonly<Record<string, AttributeValue>>>): ElementType {
  const own = attributes.get(name)!;
  if (op === 'Shape') return 'int32';
  return typeOf(own.DstT ?? own.output_type ?? own.dtype ?? own.T ?? own.Tparams ?? 'DT_FLOAT');
}

/** The nodes so that each comes after what it uses. @throws {@link InvalidModelError} when there is no such order */
function inOrder(nodes: readonly ModelNode[], file: string): readonly ModelNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const waitsFor = new Map(nodes.map((node) => [node, new Set(node.inputs.flatMap((name) => makers.get(name) ?? []))]));
  const users = new Map<ModelNode, ModelNode[]>();
  for (const node of nodes) users.set(node, []);
  for (const [node, makersOf] of waitsFor) for (const maker of makersOf) users.get(maker)!.push(node);
  const ready = nodes.filter((node) => waitsFor.get(node)!.size === 0);
  for (let next = 0; next < ready.length; next++) {
    for (const user of users.get(ready[next]!)!) {
      const waiting = waitsFor.get(user)!;
      waiting.delete(ready[next]!);
      if (waiting.size === 0) ready.push(user);
    }
  }
  if (ready.length < nodes.length) {
    const stuck = nodes.find((node) => waitsFor.get(node)!.size > 0)!;
    throw new InvalidModelError({ file, problem: `has a loop: "${stuck.name}" waits for itself, which has no one latency` });
  }
  return ready;
}
