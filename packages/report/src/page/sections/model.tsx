import { useCallback, useMemo } from 'preact/hooks';
import type { ModelReport, ModelRow } from '../../data/report-document.ts';
import { latencyText, shareText } from '../../data/texts.ts';
import { drawModelBars, drawModelFlame, MOST_BARS } from '../charts/model-bars.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Legend } from '../parts/legend.tsx';

const COLUMNS: readonly TableColumn<ModelRow>[] = [
  { title: 'part', value: ({ name }) => name, isText: true },
  { title: 'kernel', value: ({ kernel }) => kernel, isText: true },
  { title: 'latency, ms', value: ({ latencyMs }) => latencyMs ?? undefined, show: ({ latencyMs }) => latencyText(latencyMs) },
  { title: 'low, ms', value: ({ lowMs }) => lowMs, show: ({ lowMs }) => latencyText(lowMs) },
  { title: 'high, ms', value: ({ highMs }) => highMs, show: ({ highMs }) => latencyText(highMs) },
  { title: 'share', value: ({ share }) => share, show: ({ share }) => shareText(share) },
  { title: 'source', value: ({ source }) => source, isText: true },
  { title: 'flags', value: ({ flags }) => flags.join(', '), isText: true },
];

/** A whole network: what it takes, and which of its parts. */
export function ModelSection({ model }: { readonly model: ModelReport }) {
  const drawFlame = useCallback((width: number) => drawModelFlame(model, width), [model]);
  const drawBars = useCallback((width: number) => drawModelBars(model.rows, width), [model]);
  const { name, totalMs, lowMs, highMs, coverage, measuredMs, rows } = model;
  const gaps = rows.filter(({ source }) => source === 'gap').length;
  const costliest = useMemo(() => [...rows].sort((a, b) => b.share - a.share).slice(0, 3), [rows]);
  return (
    <section aria-labelledby="model">
      <h2 id="model">{name}</h2>
      <p class="lead">
        <strong class="total">{latencyText(totalMs)}</strong>
        {lowMs !== undefined && highMs !== undefined && (
          <>
            {' '}
            {latencyText(lowMs)} to {latencyText(highMs)}
            {coverage !== undefined && ` with ${shareText(coverage, 0)} probability`}.
          </>
        )}
        {measuredMs !== undefined && <> Measured: {latencyText(measuredMs)}.</>}
        {gaps > 0 && (
          <>
            {' '}
            {gaps} of its {rows.length} parts have no price.
          </>
        )}
      </p>
      <div class="charts">
        <Chart
          wide
          title="From start to end"
          caption="Each part as wide as it takes long, in the order in which they run."
          summary={`${rows.length} parts, ${latencyText(totalMs)} in all.`}
          draw={drawFlame}
        >
          <Legend
            entries={[
              { mark: 'square predicted', text: 'predicted' },
              { mark: 'square measured', text: 'measured' },
              { mark: 'square estimated', text: 'estimated' },
              { mark: 'square gap', text: 'gap' },
            ]}
          />
        </Chart>
        <Chart
          wide
          title={rows.length > MOST_BARS ? `The ${MOST_BARS} costliest parts` : 'Parts by cost'}
          caption="Thin lines are the intervals of the predictions."
          summary={costliest
            .map(({ name: part, latencyMs, share }) => `${part}: ${latencyText(latencyMs)}, ${shareText(share)}`)
            .join('; ')}
          draw={drawBars}
        />
      </div>
      <DataTable label={`Parts of ${name}`} columns={COLUMNS} records={rows} sortBy={2} descending />
    </section>
  );
}
