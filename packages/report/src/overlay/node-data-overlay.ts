import type { ModelReport } from '../data/report-document.ts';

/**
 * Custom node data of Model Explorer, as its "Upload" under "Add per-node data" and `config.add_node_data_from_path` read it: a value for
 * each node, drawn as colours over the graph.
 *
 * The form is that of `GraphNodeData` in src/server/package/src/model_explorer/node_data_builder.py of google-ai-edge/model-explorer, for
 * one graph: without a graph's id around it, the viewer takes it for the graph that is open (`getNodeDataProviderData` in
 * src/ui/src/components/visualizer/node_data_provider_extension_service.ts), whatever that is called.
 */
export interface NodeDataOverlay {
  /** What the viewer calls the column; without it, the file's name. */
  readonly name: string;
  /** Milliseconds by the viewer's ids of nodes. */
  readonly results: Readonly<Record<string, { readonly value: number }>>;
  /** Colours from the smallest value (0) to the largest (1). */
  readonly gradient: readonly { readonly stop: number; readonly bgColor: string }[];
}

/** From cheap to expensive; the viewer reads hexadecimal colours, and dark text is readable on all of them. */
const GRADIENT = [
  { stop: 0, bgColor: '#e8f3ec' },
  { stop: 0.5, bgColor: '#ffd98a' },
  { stop: 1, bgColor: '#f2777d' },
] as const;

/**
 * The latencies of a model's parts as an overlay for Model Explorer, in milliseconds. A part of several nodes shares its latency out among
 * them evenly, so that the sums of groups are right; gaps without a price have no value.
 */
export function nodeDataOverlay({ rows }: Pick<ModelReport, 'rows'>): NodeDataOverlay {
  const values = new Map<string, number>();
  for (const { name, latencyMs, nodes = [name] } of rows) {
    if (latencyMs === null) continue;
    for (const node of nodes) values.set(node, (values.get(node) ?? 0) + latencyMs / nodes.length);
  }
  const results = Object.fromEntries([...values].map(([node, value]) => [node, { value: Number(value.toPrecision(6)) }]));
  return { name: 'latency, ms', results, gradient: GRADIENT };
}
