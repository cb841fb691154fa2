import type { ModelPrediction, PricedKernel } from '@nnm/model';
import { formatLatency, formatShare } from './quantities.ts';

/** Equal parts of a model in one row. */
export interface KernelRow {
  readonly kernel: string;
  readonly config: string;
  readonly times: number;
  /** Milliseconds of all of them; absent for a gap. */
  readonly latencyMs?: number;
  readonly source: string;
  /** Why the price is doubtful, or why there is none. */
  readonly remark: string;
}

/** A model's parts, equal ones together, those that take longest first and gaps last. */
export function kernelRows({ kernels }: ModelPrediction): readonly KernelRow[] {
  const rows = new Map<string, KernelRow>();
  for (const kernel of kernels) {
    const row = rowOf(kernel);
    const key = JSON.stringify([row.kernel, row.config, row.source, row.latencyMs, row.remark]);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else
      rows.set(key, {
        ...known,
        times: known.times + 1,
        ...(row.latencyMs !== undefined && { latencyMs: known.latencyMs! + row.latencyMs }),
      });
  }
  return [...rows.values()].sort((a, b) => (b.latencyMs ?? -1) - (a.latencyMs ?? -1));
}

function rowOf({ name, config, price, gap }: PricedKernel): KernelRow {
  const described = {
    kernel: name,
    config: Object.entries(config ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
    times: 1,
  };
  if (price === undefined) return { ...described, source: 'gap', remark: gap ?? '' };
  const { source, latencyMs, doubts } = price;
  const [first = '', ...more] = doubts;
  return { ...described, latencyMs, source, remark: more.length > 0 ? `${first}; and ${more.length} more` : first };
}

/** A row's cells: kernel, configuration, times, latency, share of the sum, source, remark. */
export function rowCells(row: KernelRow, sumMs: number): readonly string[] {
  const { kernel, config, times, latencyMs, source, remark } = row;
  const numbers = latencyMs === undefined ? ['-', '-'] : [formatLatency(latencyMs), formatShare(latencyMs / sumMs)];
  return [kernel, config, String(times), ...numbers, source, remark];
}

/** Titles of {@link rowCells}. */
export const ROW_TITLES = ['KERNEL', 'CONFIGURATION', 'TIMES', 'TOGETHER', 'SHARE', 'SOURCE', 'REMARK'] as const;

/** `1.53 to 1.71 ms` */
export function formatRange({ lowMs, highMs }: { readonly lowMs: number; readonly highMs: number }): string {
  return `${formatLatency(lowMs).replace(' ms', '')} to ${formatLatency(highMs)}`;
}

/** What the shares of a prediction say: `92.1 % predicted (3.0 % with doubts), 7.9 % estimated`. */
export function describeShares({ shares: { bySource, doubted } }: ModelPrediction): string {
  const doubts = doubted > 0 ? ` (${formatShare(doubted)} with doubts)` : '';
  return [
    `${formatShare(bySource.predictor)} of the time is predicted${doubts}`,
    ...(bySource.measured > 0 ? [`${formatShare(bySource.measured)} measured`] : []),
    ...(bySource.estimate > 0 ? [`${formatShare(bySource.estimate)} estimated`] : []),
  ].join(', ');
}

/** `5.3 MB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}
