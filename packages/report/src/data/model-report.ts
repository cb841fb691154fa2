import type { ModelNode, ModelPrediction, PricedKernel } from '@nnm/model';
import type { ModelReport, ModelRow, PriceSource } from './report-document.ts';
import { roundNumber } from './round-number.ts';

const SOURCES = { predictor: 'predicted', measured: 'measured', estimate: 'estimated' } as const satisfies Record<string, PriceSource>;

/** What else is known of a predicted model. */
export interface ModelReportFacts {
  /** The model's nodes as its reader gave them: their ids in viewers are what overlays need. */
  readonly nodes?: readonly ModelNode[];
  /** The whole model, measured. */
  readonly measuredMs?: number;
}

/** A predicted model as a section of a report: its parts with the ranges that hold their latency with a probability of 80 %. */
export function modelReportOf(prediction: ModelPrediction, { nodes = [], measuredMs }: ModelReportFacts = {}): ModelReport {
  const { model, total, kernels } = prediction;
  const ids = new Map(nodes.map(({ name, viewerId }) => [name, viewerId ?? name]));
  const names = uniqueNames(kernels);
  return {
    name: model,
    totalMs: roundNumber(total.latencyMs),
    lowMs: roundNumber(total.interval80.lowMs),
    highMs: roundNumber(total.interval80.highMs),
    coverage: total.interval80.coverage,
    sumMs: roundNumber(total.sumMs),
    ...(total.isLowerBound && { isLowerBound: true }),
    ...(measuredMs !== undefined && { measuredMs }),
    notes: total.notes,
    rows: kernels.map((kernel, index): ModelRow => {
      const { nodes: members, config, price, gap } = kernel;
      const viewed = [...new Set(members.map((name) => ids.get(name) ?? name))];
      const common = { name: names[index] as string, kernel: kernel.name, nodes: viewed, ...(config && { config }) };
      if (price === undefined) return { ...common, latencyMs: null, share: 0, source: 'gap', flags: gap === undefined ? [] : [gap] };
      const { latencyMs, interval80, source, doubts } = price;
      return {
        ...common,
        latencyMs: roundNumber(latencyMs),
        lowMs: roundNumber(interval80.lowMs),
        highMs: roundNumber(interval80.highMs),
        share: total.sumMs > 0 ? latencyMs / total.sumMs : 0,
        source: SOURCES[source],
        flags: doubts,
      };
    }),
  };
}

/** A part is called by the node that it ends with, which is what its output is called after. */
function uniqueNames(kernels: readonly PricedKernel[]): readonly string[] {
  const taken = new Set<string>();
  return kernels.map(({ nodes, name }) => {
    const wanted = nodes.at(-1) ?? name;
    let unique = wanted;
    for (let count = 2; taken.has(unique); count++) unique = `${wanted} (${count})`;
    taken.add(unique);
    return unique;
  });
}
