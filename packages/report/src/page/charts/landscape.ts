import * as Plot from '@observablehq/plot';
import type { AxisReport, SliceReport } from '../../data/report-document.ts';
import { latencyText, tickText } from '../../data/texts.ts';
import { COLOURS, plotStyle } from './plot-style.ts';

/** A measured configuration that lies in a slice. */
export interface SlicePoint {
  readonly x: number;
  readonly y: number;
  readonly measuredMs: number;
  readonly flagged: boolean;
}

interface Cell {
  readonly x: number;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly y1: number;
  readonly y2: number;
  readonly latencyMs: number;
}

/** How an axis is called: its keys. */
export function axisText({ keys }: AxisReport): string {
  return keys.join(' = ');
}

/** Predicted latency over two keys as colours, with what was measured there. */
export function drawLandscape(
  slice: SliceReport & { readonly y: AxisReport },
  points: readonly SlicePoint[],
  line: number,
  width: number,
): Element {
  const { x, y, latencyMs } = slice;
  const [across, down] = [edgesOf(x.values), edgesOf(y.values)];
  const cells = latencyMs.flatMap((latency, index): readonly Cell[] => {
    if (latency === null) return [];
    const [column, row] = [index % x.values.length, Math.floor(index / x.values.length)];
    const [[x1, x2], [y1, y2]] = [across[column] as Edge, down[row] as Edge];
    return [{ x: x.values[column] as number, y: y.values[row] as number, x1, x2, y1, y2, latencyMs: latency }];
  });
  return Plot.plot({
    ...plotStyle(width, Math.min(width * 0.8, 400)),
    x: { label: axisText(x), ticks: Math.min(8, width / 60) },
    y: { label: axisText(y), ticks: 7 },
    color: { type: 'log', scheme: 'viridis' },
    marks: [
      // Half a pixel more than each cell needs: no seams between them.
      Plot.rect(cells, {
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        fill: 'latencyMs',
        inset: -0.4,
        shapeRendering: 'crispEdges',
        className: 'cells',
      }),
      Plot.ruleY([y.values[line] as number], { stroke: 'white', strokeWidth: 1.5, strokeDasharray: '4 3' }),
      Plot.dot(points, { x: 'x', y: 'y', r: 3.2, fill: 'white', stroke: 'black', strokeWidth: 1, className: 'measured' }),
      Plot.tip(
        cells,
        Plot.pointer({
          x: 'x',
          y: 'y',
          maxRadius: 60,
          title: (cell: Cell) => `${axisText(x)} ${cell.x} · ${axisText(y)} ${cell.y}\npredicted ${latencyText(cell.latencyMs)}`,
        }),
      ),
    ],
  });
}

/** One line of a landscape, cell by cell: where the latency climbs in steps, and what was measured near it. */
export function drawStaircase(slice: SliceReport, points: readonly SlicePoint[], line: number, width: number): Element {
  const { x } = slice;
  const steps = x.values.flatMap((value, index) => {
    const latencyMs = slice.latencyMs[line * x.values.length + index];
    return latencyMs === null || latencyMs === undefined ? [] : [{ x: value, latencyMs }];
  });
  return Plot.plot({
    ...plotStyle(width, Math.min(width * 0.8, 400)),
    x: { label: axisText(x), ticks: Math.min(8, width / 60) },
    y: { label: 'ms', zero: true, nice: true, ticks: 6, tickFormat: tickText },
    marks: [
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12, ticks: 6 }),
      Plot.areaY(steps, { x: 'x', y: 'latencyMs', fill: COLOURS.unseen, fillOpacity: 0.12 }),
      Plot.line(steps, { x: 'x', y: 'latencyMs', stroke: COLOURS.unseen, strokeWidth: 2 }),
      Plot.dot(points, {
        x: 'x',
        y: 'measuredMs',
        r: 4,
        fill: ({ flagged }: SlicePoint) => (flagged ? COLOURS.flagged : 'var(--surface)'),
        stroke: 'currentColor',
        strokeWidth: 1.4,
        className: 'measured',
      }),
      Plot.tip(
        steps,
        Plot.pointerX({
          x: 'x',
          y: 'latencyMs',
          title: ({ x: at, latencyMs }) => `${axisText(x)} ${at}\npredicted ${latencyText(latencyMs)}`,
        }),
      ),
    ],
    color: { type: 'identity' },
  });
}

type Edge = readonly [number, number];

/** The range that each of some ascending values stands for: halfway to its neighbours. */
function edgesOf(values: readonly number[]): readonly Edge[] {
  const between = values.slice(1).map((value, index) => (value + (values[index] as number)) / 2);
  const first = (values[0] as number) - ((between[0] ?? (values[0] as number) + 0.5) - (values[0] as number));
  const last = values.at(-1) as number;
  const end = last + (last - (between.at(-1) ?? last - 0.5));
  return values.map((_, index) => [between[index - 1] ?? first, between[index] ?? end]);
}
