import { useCallback, useMemo } from 'preact/hooks';
import type { ModelReport, ModelRow, PriceSource } from '../../data/report-document.ts';
import { countText, latencyText, shareText } from '../../data/texts.ts';
import { drawKernelBars, kernelTotals } from '../charts/kernel-bars.ts';
import { drawModelBars, drawModelFlame, isDoubtful, MOST_BARS } from '../charts/model-bars.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Legend } from '../parts/legend.tsx';
import { WithCode } from '../parts/with-code.tsx';

const COLUMNS: readonly TableColumn<ModelRow>[] = [
  { title: 'part', value: ({ name }) => name, isText: true },
  { title: 'kernel', value: ({ kernel }) => kernel, isText: true },
  { title: 'configuration', value: ({ config }) => configText(config), isText: true },
  { title: 'latency, ms', value: ({ latencyMs }) => latencyMs ?? undefined, show: ({ latencyMs }) => latencyText(latencyMs) },
  { title: 'low, ms', value: ({ lowMs }) => lowMs, show: ({ lowMs }) => latencyText(lowMs) },
  { title: 'high, ms', value: ({ highMs }) => highMs, show: ({ highMs }) => latencyText(highMs) },
  { title: 'share', value: ({ share }) => share, show: ({ share }) => shareText(share) },
  { title: 'source', value: ({ source }) => source, isText: true },
  { title: 'remarks', value: ({ flags }) => flags.join('; '), isText: true },
];

/** In the order of how much one knows. */
const SOURCES: readonly PriceSource[] = ['predicted', 'measured', 'estimated', 'gap'];

function configText(config: ModelRow['config']): string {
  return Object.entries(config ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

/** A whole network: what it takes, and which of its parts. A page that is called after it does not name it twice. */
export function ModelSection({ model, title }: { readonly model: ModelReport; readonly title: string }) {
  const drawFlame = useCallback((width: number) => drawModelFlame(model, width), [model]);
  const drawBars = useCallback((width: number) => drawModelBars(model.rows, width), [model]);
  const { name, totalMs, lowMs, highMs, coverage, measuredMs, sumMs, isLowerBound, notes = [], rows } = model;
  const totals = useMemo(() => kernelTotals(rows), [rows]);
  const drawKernels = useCallback((width: number) => drawKernelBars(totals, width), [totals]);
  const gaps = rows.filter(({ source }) => source === 'gap').length;
  const costliest = useMemo(() => [...rows].sort((a, b) => b.share - a.share).slice(0, 3), [rows]);
  return (
    <section aria-labelledby="model">
      <h2 id="model">{name === title ? 'Latency' : name}</h2>
      <p class="lead">
        <strong class="total">
          {isLowerBound && 'more than '}
          {latencyText(totalMs)}
        </strong>
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
            {gaps} of its {rows.length} parts {gaps === 1 ? 'has' : 'have'} no price.
          </>
        )}
        {sumMs !== undefined && Math.abs(sumMs / totalMs - 1) > 0.001 && (
          <> Run one by one, its parts take {latencyText(sumMs)}; the total says what they take together in one network.</>
        )}
      </p>
      {notes.length > 0 && (
        <ul class="problems">
          {notes.map((note) => (
            <li key={note}>
              <WithCode text={note} />
            </li>
          ))}
        </ul>
      )}
      <div class="charts">
        <Chart
          wide
          title="From start to end"
          caption={`Each part as wide as it takes long, in the order in which they run.${gaps > 0 ? ' A triangle stands where a part without a price runs.' : ''}`}
          summary={`${countText(rows.length, 'part')}, ${latencyText(sumMs ?? totalMs)} in all.`}
          draw={drawFlame}
        >
          <Legend
            entries={[
              ...SOURCES.filter((source) => rows.some((row) => row.source === source)).map((source) => ({
                mark: source === 'gap' ? 'triangle lost' : `square ${source}`,
                text: source,
              })),
              ...(rows.some(isDoubtful) ? [{ mark: 'square doubtful', text: 'paler: with a remark in the table' }] : []),
            ]}
          />
        </Chart>
        <Chart
          wide
          title="By kernel"
          caption="What all parts of one kernel take together, and how many there are."
          summary={totals
            .slice(0, 3)
            .map(
              ({ kernel, count, latencyMs, share }) =>
                `${kernel}, ${countText(count, 'part')}: ${latencyText(latencyMs)}, ${shareText(share)}`,
            )
            .join('; ')}
          draw={drawKernels}
        />
        <Chart
          wide
          title={rows.length > MOST_BARS ? `The ${MOST_BARS} costliest parts` : 'Parts by cost'}
          caption={`Thin lines are the ranges that hold a part's latency${coverage === undefined ? '' : ` with ${shareText(coverage, 0)} probability`}.`}
          summary={costliest
            .map(({ name: part, latencyMs, share }) => `${part}: ${latencyText(latencyMs)}, ${shareText(share)}`)
            .join('; ')}
          draw={drawBars}
        />
      </div>
      <DataTable label={`Parts of ${name}`} columns={COLUMNS} records={rows} sortBy={3} descending />
    </section>
  );
}
