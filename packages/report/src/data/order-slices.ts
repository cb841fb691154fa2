import { median } from '@nnm/core';
import type { SliceReport } from './report-document.ts';

/** A staircase makes most of its way in so small a share of its columns. */
const STEEPEST_SHARE = 1 / 8;

/**
 * The order in which slices are offered: first what most configurations are like, then slices of large inputs, which tell most about what a
 * network will cost. Of two views of the same configurations that comes first along which the latency climbs in the clearer steps. Slices in
 * which nothing can be predicted are left out.
 *
 * @param slices - the most frequent one first
 */
export function orderSlices(slices: readonly SliceReport[]): readonly SliceReport[] {
  const known = slices.filter(({ latencyMs }) => latencyMs.some((one) => one !== null));
  const [first] = known;
  if (first === undefined) return [];
  const levels = new Map([[viewOf(first), Number.POSITIVE_INFINITY]]);
  for (const slice of known) levels.set(viewOf(slice), Math.max(levelOf(slice), levels.get(viewOf(slice)) ?? 0));
  const levelOfView = (slice: SliceReport): number => levels.get(viewOf(slice)) as number;
  return known.sort((a, b) => (viewOf(a) === viewOf(b) ? stepsOf(b) - stepsOf(a) : levelOfView(b) - levelOfView(a)));
}

/** What two slices share when one is the other, turned. */
function viewOf({ x, y, fixed }: SliceReport): string {
  return JSON.stringify([[x.keys, y?.keys ?? []].map((keys) => keys.join()).sort(), fixed]);
}

function levelOf({ latencyMs }: SliceReport): number {
  return median(latencyMs.filter((one) => one !== null));
}

/** The share of its way, up and down, that the latency makes in its steepest columns: 1 for a staircase, little for a ramp. */
function stepsOf({ x, latencyMs }: SliceReport): number {
  const columns = x.values.length;
  const shares = Array.from({ length: latencyMs.length / columns }, (_, row) => {
    const line = latencyMs.slice(row * columns, (row + 1) * columns).filter((one) => one !== null);
    const ways = line
      .slice(1)
      .map((value, index) => Math.abs(value - (line[index] as number)))
      .sort((a, b) => b - a);
    const whole = ways.reduce((sum, way) => sum + way, 0);
    const steepest = ways.slice(0, Math.ceil(ways.length * STEEPEST_SHARE)).reduce((sum, way) => sum + way, 0);
    return whole === 0 ? 0 : steepest / whole;
  });
  return median(shares);
}
