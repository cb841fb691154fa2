/** How well two measurements of the same kernels agree: shares of kernels, 0 to 1. */
export interface Agreement {
  readonly kernels: number;
  readonly within2: number;
  readonly within5: number;
  readonly within10: number;
  /** Median and 95th percentile of the relative difference. */
  readonly median: number;
  readonly p95: number;
}

/** Compare the kernels that both rounds measured; the difference is relative to their mean. */
export function agreement(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): Agreement {
  const differences = [...first]
    .flatMap(([id, a]) => {
      const b = second.get(id);
      return b === undefined ? [] : [Math.abs(a - b) / ((a + b) / 2)];
    })
    .sort((a, b) => a - b);
  const share = (limit: number): number => differences.filter((difference) => difference <= limit).length / differences.length;
  const at = (part: number): number => differences[Math.round(part * (differences.length - 1))] ?? Number.NaN;
  return { kernels: differences.length, within2: share(0.02), within5: share(0.05), within10: share(0.1), median: at(0.5), p95: at(0.95) };
}

/** A table of agreements with percentages. */
export function formatTable(rows: readonly (Agreement & { readonly policy: string })[]): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return formatCells([
    ['policy', 'kernels', 'within 2 %', 'within 5 %', 'within 10 %', 'median diff', 'p95 diff'],
    ...rows.map((row) => [row.policy, String(row.kernels), ...[row.within2, row.within5, row.within10, row.median, row.p95].map(percent)]),
  ]);
}

/** Lines of cells in columns: the first column aligned to the left, the others to the right unless told otherwise. */
export function formatCells(cells: readonly (readonly string[])[], others: 'left' | 'right' = 'right'): string {
  const widths: number[] = [];
  for (const line of cells) for (const [column, cell] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  const pad = (cell: string, column: number): string =>
    column === 0 || others === 'left' ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return cells.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
