import { useCallback, useMemo } from 'preact/hooks';
import type { KernelReport } from '../../data/report-document.ts';
import { roundText, shareText } from '../../data/texts.ts';
import { drawLearningCurve } from '../charts/learning-curve.ts';
import { drawPredictedMeasured, predictedRows, relativeError } from '../charts/predicted-measured.ts';
import { Chart } from '../parts/chart.tsx';
import { Legend } from '../parts/legend.tsx';

/** Predicted against measured, and how the rounds improved it. */
export function FitCharts({ report }: { readonly report: KernelReport }) {
  const { rows, columns, keys, rounds } = report;
  const predicted = useMemo(() => predictedRows(rows), [rows]);
  const drawFit = useCallback((width: number) => drawPredictedMeasured(predicted, columns, keys, width), [predicted, columns, keys]);
  const drawCurve = useCallback((width: number) => drawLearningCurve(report, width), [report]);
  const unseen = predicted.filter(({ seen }) => !seen);
  const within = unseen.filter((row) => Math.abs(relativeError(row)) <= 0.1).length;
  return (
    <>
      {predicted.length > 0 && (
        <Chart
          title="Predicted against measured"
          caption="The band is ±10 %. Only predictions by a predictor that had not seen the row say how good it is."
          summary={`${predicted.length} configurations; ${within} of the ${unseen.length} that the predictor had not seen lie within ±10 %.`}
          draw={drawFit}
        >
          <Legend
            entries={[
              { mark: 'dot', text: 'unseen' },
              { mark: 'faint', text: 'learned from' },
              { mark: 'triangle', text: 'flagged label' },
            ]}
          />
        </Chart>
      )}
      {rounds.length > 0 && (
        <Chart
          title="Learning curve"
          caption={
            rounds.length === 1
              ? 'One round was made. Further rounds add rows where the predictor errs.'
              : 'Each round measures more where the last one erred. The validation split grows harder with it; the hold-out stays the same.'
          }
          summary={rounds
            .map(
              ({ mark, rows: count, validation, holdout }) =>
                `${roundText(mark)}, ${count} rows: ${shareText((holdout ?? validation).acc10)}`,
            )
            .join('; ')}
          draw={drawCurve}
        >
          <Legend
            entries={[
              { mark: 'dot', text: 'hold-out' },
              { mark: 'ring', text: 'validation split' },
              { mark: 'dash', text: 'ceiling' },
            ]}
          />
        </Chart>
      )}
    </>
  );
}
