import { useCallback, useMemo } from 'preact/hooks';
import type { KernelReport } from '../../data/report-document.ts';
import { latencyText, roundText, shareText } from '../../data/texts.ts';
import { accuracyLines, drawAccuracyOverview } from '../charts/accuracy-overview.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Legend } from '../parts/legend.tsx';

interface GradeRecord {
  readonly kernel: string;
  readonly round: string;
  readonly on: string;
  readonly rows: number;
  readonly flagged?: number;
  readonly rmseMs?: number;
  readonly rmspe?: number;
  readonly acc5: number;
  readonly acc10: number;
  readonly acc15: number;
  readonly worstDecile?: number;
}

const share = (title: string, value: (record: GradeRecord) => number | undefined): TableColumn<GradeRecord> => ({
  title,
  value,
  show: (record) => shareText(value(record)),
});

const COLUMNS: readonly TableColumn<GradeRecord>[] = [
  { title: 'kernel', value: ({ kernel }) => kernel, isText: true },
  { title: 'round', value: ({ round }) => round, isText: true },
  { title: 'graded on', value: ({ on }) => on, isText: true },
  { title: 'rows', value: ({ rows }) => rows },
  { title: 'flagged, not counted', value: ({ flagged }) => flagged },
  share('±5 %', ({ acc5 }) => acc5),
  share('±10 %', ({ acc10 }) => acc10),
  share('±15 %', ({ acc15 }) => acc15),
  share('RMSPE', ({ rmspe }) => rmspe),
  { title: 'RMSE, ms', value: ({ rmseMs }) => rmseMs, show: ({ rmseMs }) => latencyText(rmseMs) },
  share('worst tenth', ({ worstDecile }) => worstDecile),
];

/** Accuracy by kernel and round, beside what the labels allow. */
export function AccuracySection({ kernels }: { readonly kernels: readonly KernelReport[] }) {
  const lines = useMemo(() => accuracyLines(kernels), [kernels]);
  const draw = useCallback((width: number) => drawAccuracyOverview(lines, width), [lines]);
  const records = useMemo(() => kernels.flatMap(gradesOf), [kernels]);
  const summary = lines.map(({ kernel, holdout, validation, ceiling }) =>
    [
      `${kernel}: ${shareText(holdout ?? validation)} ${holdout === undefined ? 'of the validation split' : 'of the hold-out'}`,
      ...(ceiling === undefined ? [] : [`ceiling ${shareText(ceiling)}`]),
    ].join(', '),
  );
  return (
    <section aria-labelledby="accuracy">
      <h2 id="accuracy">How right the predictors are</h2>
      <Chart
        wide
        title="Predictions within ±10 % of the measured latency"
        caption="The hold-out steers nothing and trains nothing before it has graded. No predictor can be better than the labels: measured again, they would agree with themselves only so often."
        summary={summary.join('; ')}
        draw={draw}
      >
        <Legend
          entries={[
            { mark: 'dot', text: 'hold-out' },
            { mark: 'ring', text: 'validation split' },
            { mark: 'tick', text: "ceiling: the labels' own scatter" },
          ]}
        />
      </Chart>
      <details>
        <summary>Every round as a table</summary>
        <DataTable label="Grades of every kernel and round" columns={COLUMNS} records={records} />
      </details>
    </section>
  );
}

function gradesOf({ kernel, rounds, ceiling }: KernelReport): readonly GradeRecord[] {
  const graded = rounds.flatMap(({ mark, validation, holdout }): readonly GradeRecord[] => [
    { kernel, round: roundText(mark), on: 'validation split', ...validation },
    ...(holdout ? [{ kernel, round: roundText(mark), on: 'hold-out', ...holdout }] : []),
  ]);
  return [...graded, ...(ceiling ? [{ kernel, round: '', on: "labels' own scatter", ...ceiling }] : [])];
}
