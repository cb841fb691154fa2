import type { ModelReport } from '../data/report-document.ts';

/** Custom node data of Model Explorer: a value for each node of a graph, drawn as colours over it. */
export type NodeDataOverlay = Readonly<
  Record<
    string,
    {
      readonly results: Readonly<Record<string, { readonly value: number }>>;
      readonly gradient: readonly { readonly stop: number; readonly bgColor: string }[];
    }
  >
>;

/** From cheap to expensive; dark text is readable on both. */
const GRADIENT = [
  { stop: 0, bgColor: '#e8f3ec' },
  { stop: 0.5, bgColor: '#ffd98a' },
  { stop: 1, bgColor: '#f2777d' },
] as const;

/**
 * The latencies of a model's parts as an overlay for Model Explorer (`nodedata.json`), in milliseconds. A part of several nodes shares its
 * latency out among them evenly, so that the sums of groups are right; gaps without a price have no value.
 *
 * @param graphId - of the graph in the viewer; `main` for a model with one
 */
export function nodeDataOverlay({ rows }: Pick<ModelReport, 'rows'>, graphId = 'main'): NodeDataOverlay {
  const values = new Map<string, number>();
  for (const { name, latencyMs, nodes = [name] } of rows) {
    if (latencyMs === null) continue;
    for (const node of nodes) values.set(node, (values.get(node) ?? 0) + latencyMs / nodes.length);
  }
  const results = Object.fromEntries([...values].map(([node, value]) => [node, { value: Number(value.toPrecision(6)) }]));
  return { [graphId]: { results, gradient: GRADIENT } };
}
