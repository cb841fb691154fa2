import type { BuildReport, KernelBuild, MeasuredSample } from '@nnm/builder';
import type { Ceiling, Metrics } from '@nnm/predictor';
import type { Ansis } from 'ansis';
import { shortPath } from '../plugins/origin.ts';
import { countOf, formatLatency, formatShare } from './quantities.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'KERNEL' },
  { title: 'GRADED ON' },
  { title: 'ROWS', align: 'right' },
  { title: 'RMSE', align: 'right' },
  { title: 'RMSPE', align: 'right' },
  { title: '±5 %', align: 'right' },
  { title: '±10 %', align: 'right' },
  { title: '±15 %', align: 'right' },
  { title: 'WORST TENTH', align: 'right' },
];

/** What a build ends with: the accuracy table, what failed, and where the predictors lie. */
export function renderBuildReport({ predictors, failures }: BuildReport, paint: Ansis): string {
  const builds = predictors.flatMap((predictor) => predictor.builds);
  const rows = builds.flatMap(({ kernel, built }) => [
    gradeRow(kernel, 'validation split', built.metrics),
    ...(built.holdoutMetrics ? [gradeRow('', 'hold-out', built.holdoutMetrics)] : []),
    ...(built.ceiling ? [ceilingRow(built.ceiling)] : []),
  ]);
  const sections = [
    ...(rows.length > 0 ? [renderTable(COLUMNS, rows, paint)] : []),
    builds.map(describeMeasurements).join('\n'),
    failures.map(({ kernel, error }) => `${paint.red('Not built:')} ${kernel}: ${error.message}`).join('\n'),
    predictors
      .map(
        ({ family, file }) => `${paint.green('Predictor')} of ${paint.bold(family)}: ${file === undefined ? 'not saved' : shortPath(file)}`,
      )
      .join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function gradeRow(kernel: string, gradedOn: string, metrics: Metrics): readonly string[] {
  const { rows, rmseMs, rmspe, acc5, acc10, acc15, worstDecile } = metrics;
  return [kernel, gradedOn, String(rows), formatLatency(rmseMs), ...[rmspe, acc5, acc10, acc15, worstDecile].map(formatShare)];
}

/** What a predictor that knew every true latency would reach, because measured latencies scatter. */
function ceilingRow({ rows, acc5, acc10, acc15 }: Ceiling): readonly string[] {
  return ['', "labels' own scatter", String(rows), '', '', ...[acc5, acc10, acc15].map(formatShare), ''];
}

function describeMeasurements({ kernel, samples, holdout, unmeasured }: KernelBuild): string {
  const all = [...samples, ...holdout];
  const flagged = all.filter((sample) => sample.status === 'ok' && sample.flags.length > 0).length;
  const late = unmeasured > 0 ? `, ${unmeasured} not measured because time ran out` : '';
  return `${kernel}: ${all.length} configurations, ${describeFailures(all)}, ${flagged} flagged as uncertain${late}`;
}

/** `none failed`, or how many failed with which code. */
export function describeFailures(samples: readonly MeasuredSample[]): string {
  const codes = samples.flatMap((sample) => (sample.status === 'failed' ? [sample.error.code] : []));
  if (codes.length === 0) return 'none failed';
  const counts = [...new Set(codes)].map((code) => `${code} ${codes.filter((other) => other === code).length}`);
  return `${countOf(codes.length, 'configuration')} failed (${counts.join(', ')})`;
}
