import { fnv1a32 } from '../random/index.ts';
import type { Graph, Implement, Op } from './types.ts';

/** Grows when the same graph gets another hash than before; hashes of different versions say nothing about each other. */
export const GRAPH_HASH_VERSION = 1;

/**
 * Operators whose latencies were once measured wrong, and how often: what was measured of them before does not count. PReLU is the one whose
 * branches on the signs of its input processors learned, when timing fed the same 2^14 numbers again and again.
 */
const MEASURED_ANEW: Readonly<Partial<Record<Op['op'], number>>> = { prelu: 1 };

/**
 * What a measurement is a measurement of: a short hash of everything in a graph that can change its latency, and of how it
 * is lowered. Measurements with equal hashes are of the same thing; with other hashes they are not to be mixed.
 *
 * The names of the graph and of its values do not count, nor does the order in which an operator's fields are written, nor
 * a field that is undefined. An operator that grows a field must leave it out where it has its default, so that graphs
 * which do not use it keep their hash.
 *
 * @returns such as `g1-9f86d081884c7d65`; the number is {@link GRAPH_HASH_VERSION}
 * @example graphHash(new ConvBlock(config, 1).getModel(), { implement: 'torch', batchSize: 1 })
 */
export function graphHash(graph: Graph, how: { readonly implement: Implement; readonly batchSize: number }): string {
  const { name: _name, ...content } = graph;
  const anew = Object.entries(MEASURED_ANEW).filter(([name]) => graph.ops.some(({ op }) => op === name));
  const text = canonicalJson({
    ...withNumberedValues(content),
    implement: how.implement,
    batchSize: how.batchSize,
    anew: anew.length > 0 ? Object.fromEntries(anew) : undefined,
  });
  const backwards = [...text].reverse().join('');
  return `g${GRAPH_HASH_VERSION}-${hex(fnv1a32(text))}${hex(fnv1a32(backwards))}`;
}

/** Values are known by the order in which they come into being, whatever the block calls them. */
function withNumberedValues(graph: Omit<Graph, 'name'>): Omit<Graph, 'name'> {
  const numbers = new Map<string, string>();
  const number = (id: string): string => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, String(numbers.size));
    return String(numbers.size - 1);
  };
  return {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, id: number(input.id) })),
    ops: graph.ops.map((op) => ({ ...op, inputs: op.inputs.map(number), outputs: op.outputs.map(number) })),
    outputs: graph.outputs.map(number),
  };
}

/** JSON with the keys of every object in order and without undefined ones. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
