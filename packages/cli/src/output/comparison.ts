import type { ComparisonReport, KernelVerdict, Verdict } from '@nnm/report';
import type { Ansis } from 'ansis';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'KERNEL' },
  { title: 'VERDICT' },
  { title: 'CHANGE', align: 'right' },
  { title: '95 % INTERVAL', align: 'right' },
  { title: 'CONFIGURATIONS', align: 'right' },
  { title: 'BY' },
  { title: '' },
];

/** A comparison as a table, with what the table cannot say below it. */
export function renderComparison(comparison: ComparisonReport, paint: Ansis): string {
  const { before, after, kernels, differences, onlyBefore, onlyAfter } = comparison;
  const rows = kernels.map(({ kernel, verdict, ratio, low, high, configs, by, note = '' }) => [
    kernel,
    paintVerdict(verdict, paint),
    formatChange(ratio),
    low === undefined || high === undefined ? '-' : `${formatChange(low)} to ${formatChange(high)}`,
    String(configs),
    by,
    paint.dim(note),
  ]);
  const remarks = [
    ...(onlyBefore.length > 0 ? [`Only in ${before}: ${onlyBefore.join(', ')}`] : []),
    ...(onlyAfter.length > 0 ? [`Only in ${after}: ${onlyAfter.join(', ')}`] : []),
    ...(differences.length > 0 ? [`What differs besides: ${differences.join('; ')}`] : []),
  ];
  return [renderTable(COLUMNS, rows, paint), ...(remarks.length > 0 ? [`\n${remarks.join('\n')}`] : [])].join('\n');
}

/** A ratio of latencies as a change: `+5.0 %`. */
export function formatChange(ratio: KernelVerdict['ratio']): string {
  if (ratio === undefined) return '-';
  return `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`;
}

function paintVerdict(verdict: Verdict, paint: Ansis): string {
  switch (verdict) {
    case 'slower':
      return paint.red(verdict);
    case 'faster':
      return paint.green(verdict);
    case 'ambiguous':
      return paint.yellow(verdict);
    default:
      return verdict;
  }
}
