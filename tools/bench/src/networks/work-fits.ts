import { countWork } from '@nnm/core';
import { nonNegativeLeastSquares } from '@nnm/predictor';
import type { MeasuredBenchModel } from './measure-models.ts';

/** Operations of a model, and bytes that its parts move. */
export interface ModelWork {
  readonly flops: number;
  readonly bytes: number;
}

/** Work of a model's parts, those without a graph left out. */
export function modelWork({ kernels }: Pick<MeasuredBenchModel, 'kernels'>): ModelWork {
  let flops = 0;
  let bytes = 0;
  for (const { graph } of kernels) {
    if (graph === undefined) continue;
    const work = countWork(graph);
    flops += work.flops;
    bytes += work.bytes;
  }
  return { flops, bytes };
}

/** Fits latency as a cost per unit of some quantities, without negative ones, of the relative error. */
export function fitCosts(rows: readonly { readonly latencyMs: number; readonly quantities: readonly number[] }[]): readonly number[] {
  const columns = rows[0]!.quantities.length;
  const scales = Array.from(
    { length: columns },
    (_, k) => rows.length / rows.reduce((sum, row) => sum + row.quantities[k]! / row.latencyMs, 0),
  );
  const scaled = rows.map(({ latencyMs, quantities }) => quantities.map((quantity, k) => (quantity / latencyMs) * scales[k]!));
  const gram = scales.map((_, a) => scales.map((__, b) => scaled.reduce((sum, row) => sum + row[a]! * row[b]!, 0)));
  const right = scales.map((_, k) => scaled.reduce((sum, row) => sum + row[k]!, 0));
  return nonNegativeLeastSquares(gram, right, rows.length).solution.map((value, k) => value * scales[k]!);
}
