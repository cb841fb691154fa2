import { nodeCaptures } from './inline.ts';
import type { OnnxNode } from './onnx-model.ts';
import type { FailFile } from './wire-reader.ts';

/**
 * Nodes in an order in which each uses only what earlier ones make: their own where it is one.
 *
 * @param isKnown - whether a name is there before any node: of inputs, constants and values of graphs around
 */
export function sortNodes(nodes: readonly OnnxNode[], isKnown: (name: string) => boolean, fail: FailFile): readonly OnnxNode[] {
  const makers = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (makers.has(name) || isKnown(name)) fail(`defines the value "${name}" twice`);
      makers.set(name, index);
    }
  });
  const readers = nodes.map((): number[] => []);
  const waiting = nodes.map(() => 0);
  let isSorted = true;
  nodes.forEach((node, index) => {
    for (const name of [...node.inputs, ...nodeCaptures(node)]) {
      if (name === '' || isKnown(name)) continue;
      const maker = makers.get(name) ?? fail(`has the ${node.operator} "${node.name}", which uses "${name}", and nothing defines that`);
      if (maker >= index) isSorted = false;
      readers[maker]?.push(index);
      waiting[index] = (waiting[index] as number) + 1;
    }
  });
  if (isSorted) return nodes;
  const ready = nodes.flatMap((_, index) => (waiting[index] === 0 ? [index] : []));
  for (const index of ready) {
    for (const reader of readers[index] as number[]) {
      waiting[reader] = (waiting[reader] as number) - 1;
      if (waiting[reader] === 0) ready.push(reader);
    }
  }
  if (ready.length < nodes.length) fail('has nodes that wait for each other in a circle');
  return ready.map((index) => nodes[index] as OnnxNode);
}
