import { median } from '@nnm/core';
import type { SliceReport } from './report-document.ts';

/** A staircase makes most of its way in so small a share of its columns. */
const STEEPEST_SHARE = 1 / 8;

/**
 * The order in which slices are offered: slices of large inputs tell most about what a network will cost, and of views of the same
 * configurations the one along which the latency climbs in the clearest steps. Slices in which nothing can be predicted are left out.
 */
export function orderSlices(slices: readonly SliceReport[]): readonly SliceReport[] {
  const known = slices.filter(({ latencyMs }) => latencyMs.some((one) => one !== null));
  const levels = new Map<string, number>();
  for (const slice of known) levels.set(viewOf(slice), Math.max(levelOf(slice), levels.get(viewOf(slice)) ?? 0));
  const levelOfView = (slice: SliceReport): number => levels.get(viewOf(slice)) as number;
  return known.sort((a, b) => levelOfView(b) - levelOfView(a) || stepsOf(b) - stepsOf(a));
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
