import * as Plot from '@observablehq/plot';
import type { RowReport } from '../../data/report-document.ts';
import { latencyText, shortNumber, tickText } from '../../data/texts.ts';
import { COLOURS, logTicks, plotStyle, suitsLogScale } from './plot-style.ts';

/** Measured latencies against one key: what there is to see before a predictor is trained. */
export function drawMeasuredLatencies(
  rows: readonly RowReport[],
  columns: readonly string[],
  keys: number,
  column: number,
  width: number,
): Element {
  const valueAt = (row: RowReport): number => row.values[column] as number;
  const values = rows.map(valueAt);
  const latencies = rows.map(({ measuredMs }) => measuredMs);
  const [low, high] = [Math.min(...latencies) / 1.15, Math.max(...latencies) * 1.15];
  const [from, to] = [Math.min(...values), Math.max(...values)];
  const ticks = [...logTicks(low, high)];
  const describe = (row: RowReport): string => {
    const config = columns.slice(0, keys).map((name, index) => `${name} ${row.values[index]}`);
    return [row.id, config.join(' · '), `measured ${latencyText(row.measuredMs)}`, ...row.flags].join('\n');
  };
  return Plot.plot({
    ...plotStyle(width, 400),
    x: {
      type: suitsLogScale(values) ? 'log' : 'linear',
      label: columns[column] ?? null,
      tickFormat: shortNumber,
      ...(suitsLogScale(values) && { ticks: [...logTicks(from, to)] }),
      inset: 8,
    },
    y: { type: 'log', domain: [low, high], ticks, tickFormat: tickText, label: 'measured, ms' },
    marks: [
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12, ticks }),
      Plot.dot(rows, {
        x: valueAt,
        y: 'measuredMs',
        r: 3.2,
        fill: ({ flags }: RowReport) => (flags.length > 0 ? COLOURS.flagged : COLOURS.unseen),
        symbol: ({ flags }: RowReport) => (flags.length > 0 ? 'triangle' : 'circle'),
        fillOpacity: 0.75,
        className: 'configurations',
      }),
      Plot.tip(rows, Plot.pointer({ x: valueAt, y: 'measuredMs', title: describe })),
    ],
    color: { type: 'identity' },
    symbol: { type: 'identity' },
  });
}
