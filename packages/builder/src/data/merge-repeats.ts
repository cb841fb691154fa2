import { configKey } from '@nnm/core';
import type { LabelledConfig } from '../workspace/index.ts';

/**
 * Take every configuration of a kernel once, with the median of its latencies: a row that stands on both sides of a split would grade
 * itself.
 *
 * @returns the rows in the order of their first appearance, and the ids of the others
 */
export function mergeRepeats(rows: readonly LabelledConfig[]): {
  readonly rows: readonly LabelledConfig[];
  readonly repeats: readonly string[];
} {
  const groups = new Map<string, LabelledConfig[]>();
  for (const row of rows) {
    const key = `${row.kernel} ${configKey(row.config)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const all = [...groups.values()];
  return { rows: all.map(medianRow), repeats: all.flatMap((group) => group.slice(1).map(({ id }) => id)) };
}

function medianRow(group: readonly LabelledConfig[]): LabelledConfig {
  const [first] = group as readonly [LabelledConfig];
  if (group.length === 1) return first;
  const sorted = group.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const latencyMs = ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
  const { id, kernel, config } = first;
  // What a single row says of its scatter does not hold for the median of several.
  return { id, kernel, config, latencyMs };
}
