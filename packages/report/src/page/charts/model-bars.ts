import * as Plot from '@observablehq/plot';
import type { ModelReport, ModelRow, PriceSource } from '../../data/report-document.ts';
import { latencyText, shareText, tickText } from '../../data/texts.ts';
import { COLOURS, clipText, plotStyle } from './plot-style.ts';

const ROW_HEIGHT = 24;
/** Bars beyond these are left to the table. */
export const MOST_BARS = 25;

/** Colours of where a price comes from. */
export const SOURCE_COLOURS: Readonly<Record<PriceSource, string>> = {
  predicted: COLOURS.unseen,
  measured: COLOURS.good,
  estimated: COLOURS.flagged,
  gap: COLOURS.bad,
};

/** True for a price with a remark, which charts draw paler. */
export const isDoubtful = ({ source, flags }: ModelRow): boolean => source !== 'gap' && flags.length > 0;

/** How strongly a part is drawn. */
export const opacityOf = (row: ModelRow): number => (isDoubtful(row) ? 0.55 : 1);

/** The costliest parts of a model with their intervals. */
export function drawModelBars(rows: readonly ModelRow[], width: number): Element {
  const shown = [...rows].sort((a, b) => (b.latencyMs ?? 0) - (a.latencyMs ?? 0)).slice(0, MOST_BARS);
  const isNarrow = width < 520;
  const labels = new Map(shown.map(({ name, kernel }) => [name, isNarrow ? clipText(kernel, 15) : clipText(`${kernel}, ${name}`, 40)]));
  return Plot.plot({
    ...plotStyle(width, ROW_HEIGHT * shown.length + 52),
    marginTop: 8,
    marginLeft: isNarrow ? 120 : 280,
    marginRight: 60,
    x: { label: 'ms', ticks: Math.min(6, width / 90), tickFormat: tickText },
    y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0, tickFormat: (name: string) => labels.get(name) ?? name },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12, ticks: 6 }),
      Plot.barX(shown, {
        y: 'name',
        x: ({ latencyMs }: ModelRow) => latencyMs ?? 0,
        fill: ({ source }: ModelRow) => SOURCE_COLOURS[source],
        fillOpacity: opacityOf,
        rx: 2,
        insetTop: 3,
        insetBottom: 3,
        className: 'parts',
      }),
      Plot.ruleY(
        shown.filter(({ lowMs, highMs }) => lowMs !== undefined && highMs !== undefined),
        { y: 'name', x1: 'lowMs', x2: 'highMs', stroke: COLOURS.ceiling, strokeWidth: 1.5 },
      ),
      Plot.text(shown, {
        y: 'name',
        x: ({ latencyMs, highMs }: ModelRow) => highMs ?? latencyMs ?? 0,
        text: ({ share }: ModelRow) => shareText(share),
        textAnchor: 'start',
        dx: 6,
      }),
    ],
    color: { type: 'identity' },
  });
}

/** The whole model as one bar in the order of its parts: how wide a part is, is how long it takes. */
export function drawModelFlame({ rows }: ModelReport, width: number): Element {
  let endMs = 0;
  const spans = rows.map((row) => {
    const fromMs = endMs;
    endMs += row.latencyMs ?? 0;
    return { ...row, fromMs, toMs: endMs };
  });
  type Span = (typeof spans)[number];
  return Plot.plot({
    ...plotStyle(width, 118),
    marginLeft: 14,
    marginTop: 16,
    x: { label: 'ms since the start', ticks: Math.min(8, width / 80), tickFormat: tickText },
    y: { axis: null },
    marks: [
      Plot.rect(spans, {
        x1: 'fromMs',
        x2: 'toMs',
        y1: 0,
        y2: 1,
        fill: ({ source }: Span) => SOURCE_COLOURS[source],
        fillOpacity: opacityOf,
        stroke: 'var(--surface)',
        strokeWidth: Math.min(1, width / 800),
        className: 'spans',
      }),
      Plot.dot(
        spans.filter(({ latencyMs }) => latencyMs === null),
        { x: 'fromMs', y: 1, dy: -8, symbol: 'triangle2', r: 4, fill: SOURCE_COLOURS.gap, className: 'gaps' },
      ),
      Plot.text(
        spans.filter(({ share }) => share * width > 64),
        {
          x: ({ fromMs, toMs }: Span) => (fromMs + toMs) / 2,
          y: 0.5,
          text: ({ kernel, share }: Span) => clipText(kernel, Math.floor((share * width) / 8)),
          fill: (row: Span) => (isDoubtful(row) ? 'var(--ink)' : 'var(--on-accent)'),
          fontWeight: 600,
        },
      ),
      Plot.tip(
        spans,
        Plot.pointerX({
          x: ({ fromMs, toMs }: Span) => (fromMs + toMs) / 2,
          y: 0.5,
          title: ({ name, kernel, latencyMs, share, source }: Span) =>
            `${name}\n${kernel}, ${source}\n${latencyText(latencyMs)} (${shareText(share)})`,
        }),
      ),
    ],
    color: { type: 'identity' },
  });
}
