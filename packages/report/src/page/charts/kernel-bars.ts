import * as Plot from '@observablehq/plot';
import type { ModelRow } from '../../data/report-document.ts';
import { shareText, tickText } from '../../data/texts.ts';
import { opacityOf, SOURCE_COLOURS } from './model-bars.ts';
import { clipText, plotStyle } from './plot-style.ts';

const ROW_HEIGHT = 26;
/** Kernels beyond these are left to the table. */
const MOST_KERNELS = 15;

/** All parts of a model that are one kernel. */
export interface KernelTotal {
  readonly kernel: string;
  readonly count: number;
  readonly latencyMs: number;
  readonly share: number;
  /** In their order. */
  readonly rows: readonly ModelRow[];
}

/** What the parts of each kernel take together, the most expensive kernel first. Parts without a price count, and take nothing. */
export function kernelTotals(rows: readonly ModelRow[]): readonly KernelTotal[] {
  const members = new Map<string, ModelRow[]>();
  for (const row of rows) members.set(row.kernel, [...(members.get(row.kernel) ?? []), row]);
  const totals = [...members].map(([kernel, parts]): KernelTotal => {
    const latencyMs = parts.reduce((sum, part) => sum + (part.latencyMs ?? 0), 0);
    return { kernel, count: parts.length, latencyMs, share: parts.reduce((sum, { share }) => sum + share, 0), rows: parts };
  });
  return totals.sort((a, b) => b.latencyMs - a.latencyMs);
}

/** The kernels of a model by what they take together; the colours say where the price of each part comes from. */
export function drawKernelBars(totals: readonly KernelTotal[], width: number): Element {
  const shown = totals.slice(0, MOST_KERNELS);
  const isNarrow = width < 520;
  const parts = shown.flatMap(({ kernel, rows }) => rows.map((row) => ({ kernel, row })));
  type Part = (typeof parts)[number];
  return Plot.plot({
    ...plotStyle(width, ROW_HEIGHT * shown.length + 52),
    marginTop: 8,
    marginLeft: isNarrow ? 120 : 280,
    marginRight: isNarrow ? 84 : 110,
    x: { label: 'ms', ticks: Math.min(6, width / 90), tickFormat: tickText },
    y: {
      domain: shown.map(({ kernel }) => kernel),
      label: null,
      tickSize: 0,
      tickFormat: (kernel: string) => clipText(kernel, isNarrow ? 15 : 40),
    },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12, ticks: 6 }),
      Plot.barX(parts, {
        y: 'kernel',
        x: ({ row }: Part) => row.latencyMs ?? 0,
        fill: ({ row }: Part) => SOURCE_COLOURS[row.source],
        fillOpacity: ({ row }: Part) => opacityOf(row),
        stroke: 'var(--surface)',
        strokeWidth: 0.5,
        insetTop: 3,
        insetBottom: 3,
        className: 'kernel-parts',
      }),
      Plot.text(shown, {
        y: 'kernel',
        x: 'latencyMs',
        text: ({ share, count }: KernelTotal) => `${shareText(share)}, ${count}×`,
        textAnchor: 'start',
        dx: 6,
      }),
    ],
    color: { type: 'identity' },
  });
}
