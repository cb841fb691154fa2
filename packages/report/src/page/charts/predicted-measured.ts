import * as Plot from '@observablehq/plot';
import type { RowReport } from '../../data/report-document.ts';
import { changeText, latencyText, plainNumber, roundText, tickText } from '../../data/texts.ts';
import { COLOURS, logTicks, plotStyle } from './plot-style.ts';

/** Rows that have a prediction. */
export type PredictedRow = RowReport & { readonly predictedMs: number };

/** The rows of a kernel that have a prediction. */
export function predictedRows(rows: readonly RowReport[]): readonly PredictedRow[] {
  return rows.filter((row): row is PredictedRow => row.predictedMs !== undefined);
}

/** `(predicted - measured) / measured`. */
export function relativeError({ predictedMs, measuredMs }: PredictedRow): number {
  return predictedMs / measuredMs - 1;
}

/** What a mark says when one points at it. */
export function describeRow(row: PredictedRow, columns: readonly string[], keys: number): string {
  const config = columns.slice(0, keys).map((name, index) => `${name} ${plainNumber(row.values[index] as number)}`);
  return [
    `${row.id} · ${roundText(row.mark)}${row.seen ? ' · learned from' : ''}`,
    config.join(' · '),
    `measured ${latencyText(row.measuredMs)}`,
    `predicted ${latencyText(row.predictedMs)} (${changeText(relativeError(row))})`,
    ...(row.flags.length > 0 ? [`flagged: ${row.flags.join(', ')}`] : []),
  ].join('\n');
}

/** Predicted against measured latency on logarithmic axes, with the diagonal and ±10 % around it. */
export function drawPredictedMeasured(rows: readonly PredictedRow[], columns: readonly string[], keys: number, width: number): Element {
  const all = rows.flatMap(({ predictedMs, measuredMs }) => [predictedMs, measuredMs]);
  const [low, high] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15];
  const ticks = logTicks(low, high);
  const ends = [low, high].map((at) => ({ at, below: Math.max(low, at * 0.9), above: Math.min(high, at * 1.1) }));
  const axis = { type: 'log', domain: [low, high], ticks: [...ticks], tickFormat: tickText } as const;
  const height = Math.min(width, 440);
  return Plot.plot({
    ...plotStyle(width, height),
    x: { ...axis, label: 'measured, ms' },
    y: { ...axis, label: 'predicted, ms' },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.1, ticks: [...ticks] }),
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.1, ticks: [...ticks] }),
      Plot.areaY(ends, { x: 'at', y1: 'below', y2: 'above', fill: COLOURS.good, fillOpacity: 0.16 }),
      Plot.line(ends, { x: 'at', y: 'at', stroke: 'currentColor', strokeOpacity: 0.55 }),
      Plot.dot(rows, {
        x: 'measuredMs',
        y: 'predictedMs',
        r: (row: PredictedRow) => (row.seen ? 2.4 : 3.4),
        fill: (row: PredictedRow) => (row.flags.length > 0 ? COLOURS.flagged : row.seen ? COLOURS.seen : COLOURS.unseen),
        fillOpacity: (row: PredictedRow) => (row.seen ? 0.55 : 0.85),
        symbol: (row: PredictedRow) => (row.flags.length > 0 ? 'triangle' : 'circle'),
        sort: (row: PredictedRow) => (row.seen ? 0 : 1),
        className: 'configurations',
      }),
      Plot.tip(rows, Plot.pointer({ x: 'measuredMs', y: 'predictedMs', title: (row: PredictedRow) => describeRow(row, columns, keys) })),
    ],
    r: { type: 'identity' },
    color: { type: 'identity' },
    opacity: { type: 'identity' },
    symbol: { type: 'identity' },
  });
}
