import type { BuildReport, KernelBuild, MeasuredSample } from '@nnm/builder';
import type { Ceiling, Metrics } from '@nnm/predictor';
import { describeFailures } from '@nnm/profiler';
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
  const sections = [
    ...(builds.length > 0 ? [renderGrades(builds, paint)] : []),
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

/** The accuracy table: a predictor's grades on its validation split and hold-out, and what the labels' scatter allows. */
export function renderGrades(builds: readonly Pick<KernelBuild, 'kernel' | 'built'>[], paint: Ansis): string {
  const rows = builds.flatMap(({ kernel, built }) => [
    gradeRow(kernel, 'validation split', built.metrics),
    ...(built.holdoutMetrics ? [gradeRow('', 'hold-out', built.holdoutMetrics)] : []),
    ceilingRow(built.ceiling),
  ]);
  return renderTable(COLUMNS, rows, paint);
}

function gradeRow(kernel: string, gradedOn: string, metrics: Metrics): readonly string[] {
  const { rmseMs, rmspe, acc5, acc10, acc15, worstDecile } = metrics;
  return [
    kernel,
    gradedOn,
    describeGradedRows(metrics),
    formatLatency(rmseMs),
    ...[rmspe, acc5, acc10, acc15, worstDecile].map(formatShare),
  ];
}

/** How many rows a grade rests on, and how many of the others were flagged. */
export function describeGradedRows({ rows, flagged, onlyFlagged }: Pick<Metrics, 'rows' | 'flagged' | 'onlyFlagged'>): string {
  if (onlyFlagged) return `${rows}, all flagged`;
  return flagged === undefined ? String(rows) : `${rows} (${flagged} flagged not counted)`;
}

/** What a predictor that knew every true latency would reach, because measured latencies scatter. */
function ceilingRow(ceiling: Ceiling | undefined): readonly string[] {
  if (ceiling === undefined) return ['', "labels' own scatter", 'unknown', '', '', '', '', '', ''];
  const { rows, acc5, acc10, acc15 } = ceiling;
  return ['', "labels' own scatter", String(rows), '', '', ...[acc5, acc10, acc15].map(formatShare), ''];
}

function describeMeasurements({ kernel, samples, holdout, imported, unmeasured }: KernelBuild): string {
  const all = [...samples, ...holdout];
  const flagged = all.filter((sample) => sample.status === 'ok' && sample.flags.length > 0).length;
  const late = unmeasured > 0 ? `, ${unmeasured} not measured because time ran out` : '';
  const also = imported.length > 0 ? `, ${countOf(imported.length, 'row')} imported` : '';
  return `${kernel}: ${all.length} configurations measured${also}, ${flagged} flagged as uncertain${late}; ${failuresOf(all)}`;
}

/** `none failed`, or how many failed and why, the most frequent reasons first. */
export function failuresOf(samples: readonly MeasuredSample[]): string {
  return describeFailures(samples.filter((sample) => sample.status === 'failed')) || 'none failed';
}
