import { useEffect, useState } from 'preact/hooks';
import type { KernelReport } from '../../data/report-document.ts';
import { changeText, countText, latencyText, plainNumber, roundText, shareText } from '../../data/texts.ts';
import { type PredictedRow, relativeError } from '../charts/predicted-measured.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ErrorByColumn } from './error-by-column.tsx';
import { FitCharts } from './fit-charts.tsx';
import { LandscapeCharts } from './landscape-charts.tsx';
import { MeasuredChart } from './measured-chart.tsx';
import { NoiseChart } from './noise-chart.tsx';

/** One kernel at a time: how well it is predicted, where it errs, what its latency looks like, and every row. */
export function KernelSection({ kernels, follow }: { readonly kernels: readonly KernelReport[]; readonly follow?: string }) {
  const [chosen, setChosen] = useState(kernels[0]?.kernel ?? '');
  useEffect(() => {
    if (follow !== undefined && kernels.some(({ kernel }) => kernel === follow)) setChosen(follow);
  }, [follow]);
  const place = Math.max(
    0,
    kernels.findIndex(({ kernel }) => kernel === chosen),
  );
  const report = kernels[place] as KernelReport;
  const step = (by: number): void => setChosen((kernels[(place + by + kernels.length) % kernels.length] as KernelReport).kernel);
  const flagged = report.rows.filter(({ flags }) => flags.length > 0).length;
  return (
    <section aria-labelledby="kernel">
      <div class="chooser">
        <h2 id="kernel">{report.kernel}</h2>
        {kernels.length > 1 && (
          <div class="chooser-tools">
            <button type="button" onClick={() => step(-1)} aria-label="Previous kernel">
              ←
            </button>
            <select aria-label="Kernel" value={report.kernel} onChange={(event) => setChosen(event.currentTarget.value)}>
              {kernels.map(({ kernel }) => (
                <option key={kernel} value={kernel}>
                  {kernel}
                </option>
              ))}
            </select>
            <button type="button" onClick={() => step(1)} aria-label="Next kernel">
              →
            </button>
          </div>
        )}
      </div>
      <p class="lead">
        {report.description && <>{sentence(report.description)} </>}
        {countText(report.rows.length, 'configuration')} measured, {flagged} flagged.
        {report.failures.map(({ code, message, count }) => ` ${count} failed: ${message} [${code}]`).join('')}
      </p>
      {report.problems.length > 0 && (
        <ul class="problems">
          {report.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <div class="charts">
        {report.rows.length > 0 && report.landscape.length === 0 && <MeasuredChart key={report.kernel} report={report} />}
        <FitCharts report={report} />
        <LandscapeCharts key={report.kernel} report={report} />
        <ErrorByColumn report={report} />
        {report.noise && <NoiseChart noise={report.noise} />}
      </div>
      {report.rows.length > 0 && (
        <details open>
          <summary>Every configuration as a table</summary>
          <RowTable key={report.kernel} report={report} />
        </details>
      )}
    </section>
  );
}

type Row = KernelReport['rows'][number];

function RowTable({ report: { kernel, columns, keys, rows } }: { readonly report: KernelReport }) {
  const errorOf = (row: Row): number | undefined => (row.predictedMs === undefined ? undefined : relativeError(row as PredictedRow));
  const listed: readonly TableColumn<Row>[] = [
    { title: 'id', value: ({ id }) => id, isText: true },
    { title: 'round', value: ({ mark }) => roundText(mark), isText: true },
    ...columns.slice(0, keys).map(
      (title, index): TableColumn<Row> => ({
        title,
        value: ({ values }) => values[index],
        show: ({ values }) => plainNumber(values[index] as number),
      }),
    ),
    { title: 'measured, ms', value: ({ measuredMs }) => measuredMs, show: ({ measuredMs }) => latencyText(measuredMs) },
    { title: 'scatter', value: ({ scatter }) => scatter, show: ({ scatter }) => (scatter === undefined ? '–' : `±${shareText(scatter)}`) },
    { title: 'predicted, ms', value: ({ predictedMs }) => predictedMs, show: ({ predictedMs }) => latencyText(predictedMs) },
    { title: 'error', value: errorOf, show: (row) => (errorOf(row) === undefined ? '–' : changeText(errorOf(row) as number)) },
    {
      title: 'predictor had',
      value: ({ seen }) => (seen === undefined ? undefined : seen ? 'learned from it' : 'not seen it'),
      isText: true,
    },
    { title: 'flags', value: ({ flags }) => flags.join(', '), isText: true },
  ];
  return <DataTable label={`Configurations of ${kernel}`} columns={listed} records={rows} />;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
