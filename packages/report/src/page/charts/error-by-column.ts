import * as Plot from '@observablehq/plot';
import { shortNumber } from '../../data/texts.ts';
import { COLOURS, logTicks, plotStyle, suitsLogScale } from './plot-style.ts';
import { describeRow, type PredictedRow, relativeError } from './predicted-measured.ts';

/** Errors beyond this are drawn at the edge. */
const EDGE = 0.4;

/** The error of every row against one of its columns. */
export function drawErrorByColumn(
  rows: readonly PredictedRow[],
  columns: readonly string[],
  keys: number,
  column: number,
  width: number,
): Element {
  const valueAt = (row: PredictedRow): number => row.values[column] as number;
  const values = rows.map(valueAt);
  const isLog = suitsLogScale(values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ticks = isLog ? thinned(logTicks(low, high), Math.max(2, Math.floor(width / 60))) : Math.max(2, Math.floor(width / 70));
  const clipped = (row: PredictedRow): number => Math.max(-EDGE, Math.min(EDGE, relativeError(row)));
  return Plot.plot({
    ...plotStyle(width, 170),
    marginTop: 8,
    marginBottom: 38,
    marginLeft: 46,
    x: {
      type: isLog ? 'log' : 'linear',
      label: null,
      ticks: typeof ticks === 'number' ? ticks : [...ticks],
      tickFormat: shortNumber,
      inset: 6,
    },
    y: {
      domain: [-EDGE, EDGE],
      label: null,
      ticks: [-0.4, -0.2, 0, 0.2, 0.4],
      tickFormat: (error: number) => `${error > 0 ? '+' : error < 0 ? '−' : ''}${Math.abs(Math.round(error * 100))} %`,
    },
    marks: [
      Plot.rect([0], { y1: -0.1, y2: 0.1, fill: COLOURS.good, fillOpacity: 0.16 }),
      Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.45 }),
      Plot.dot(rows, {
        x: valueAt,
        y: clipped,
        r: 2.6,
        fill: (row: PredictedRow) => (row.flags.length > 0 ? COLOURS.flagged : COLOURS.unseen),
        symbol: (row: PredictedRow) => (row.flags.length > 0 ? 'triangle' : 'circle'),
        fillOpacity: 0.7,
        className: 'configurations',
      }),
      Plot.tip(rows, Plot.pointer({ x: valueAt, y: clipped, title: (row: PredictedRow) => describeRow(row, columns, keys) })),
    ],
    color: { type: 'identity' },
    symbol: { type: 'identity' },
  });
}

/** Every second, third, … of some ticks, so that there are no more than `most`. */
function thinned(ticks: readonly number[], most: number): readonly number[] {
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, index) => index % step === 0);
}
