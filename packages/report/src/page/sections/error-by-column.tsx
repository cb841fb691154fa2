import { useMemo, useState } from 'preact/hooks';
import type { KernelReport } from '../../data/report-document.ts';
import { shareText } from '../../data/texts.ts';
import { drawErrorByColumn } from '../charts/error-by-column.ts';
import { type PredictedRow, predictedRows, relativeError } from '../charts/predicted-measured.ts';
import { Panel } from '../parts/panel.tsx';

/** Where the predictor errs: the error of every unseen row against each key and feature. */
export function ErrorByColumn({ report: { rows, columns, keys } }: { readonly report: KernelReport }) {
  const [all, setAll] = useState(false);
  const predicted = useMemo(() => {
    const every = predictedRows(rows);
    const unseen = every.filter(({ seen }) => !seen);
    return unseen.length > 0 ? unseen : every;
  }, [rows]);
  const varying = useMemo(
    () => columns.map((_, index) => index).filter((index) => new Set(predicted.map(({ values }) => values[index])).size > 1),
    [columns, predicted],
  );
  if (predicted.length === 0) return null;
  const shown = all ? varying : varying.filter((index) => index < keys + 1);
  return (
    <figure class="chart wide">
      <figcaption>
        <h3>Error by feature</h3>
        <p>
          (predicted − measured) / measured of the rows that the predictor had not seen; the band is ±10 %. A slope or a cloud that widens
          shows what it has not understood.
        </p>
      </figcaption>
      <div class="panels">
        {shown.map((index) => (
          <Panel
            key={index}
            title={columns[index] as string}
            summary={describe(predicted, columns[index] as string)}
            draw={draw(predicted, columns, keys, index)}
          />
        ))}
      </div>
      {varying.length > shown.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {varying.length} features
        </button>
      )}
    </figure>
  );
}

function draw(rows: readonly PredictedRow[], columns: readonly string[], keys: number, index: number) {
  return (width: number): Element => drawErrorByColumn(rows, columns, keys, index, width);
}

function describe(rows: readonly PredictedRow[], column: string): string {
  const large = rows.filter((row) => Math.abs(relativeError(row)) > 0.1).length;
  return `Error against ${column}: ${shareText(1 - large / rows.length)} of ${rows.length} rows within ±10 %.`;
}
