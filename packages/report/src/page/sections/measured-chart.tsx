import { useCallback, useState } from 'preact/hooks';
import type { KernelReport } from '../../data/report-document.ts';
import { countText } from '../../data/texts.ts';
import { drawMeasuredLatencies } from '../charts/measured-latencies.ts';
import { Chart } from '../parts/chart.tsx';
import { Legend } from '../parts/legend.tsx';

/** What has been measured of a kernel that has no predictor yet. */
export function MeasuredChart({ report: { rows, columns, keys } }: { readonly report: KernelReport }) {
  const [chosen, setChosen] = useState<number>();
  const column = chosen ?? busiest(rows, keys);
  const draw = useCallback((width: number) => drawMeasuredLatencies(rows, columns, keys, column, width), [rows, columns, keys, column]);
  return (
    <Chart
      wide
      title="Measured latencies"
      caption="There is no predictor yet. Steps along a key show where the runtime works in blocks."
      summary={`${countText(rows.length, 'configuration')} against ${columns[column]}.`}
      draw={draw}
    >
      <label class="slice">
        Key
        <select value={String(column)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {columns.slice(0, keys).map((name, index) => (
            <option key={name} value={String(index)}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Legend
        entries={[
          { mark: 'dot', text: 'measured' },
          { mark: 'triangle', text: 'flagged' },
        ]}
      />
    </Chart>
  );
}

/** The key with the most values. */
function busiest(rows: KernelReport['rows'], keys: number): number {
  const counts = Array.from({ length: keys }, (_, key) => new Set(rows.map(({ values }) => values[key])).size);
  return counts.indexOf(Math.max(...counts));
}
