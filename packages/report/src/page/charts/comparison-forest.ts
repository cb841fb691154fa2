import * as Plot from '@observablehq/plot';
import type { ComparisonReport, KernelVerdict, Verdict } from '../../data/report-document.ts';
import { changeText } from '../../data/texts.ts';
import { COLOURS, plotStyle } from './plot-style.ts';

/** Colours of verdicts. */
export const VERDICT_COLOURS: Readonly<Record<Verdict, string>> = {
  faster: COLOURS.good,
  slower: COLOURS.bad,
  same: COLOURS.seen,
  ambiguous: COLOURS.flagged,
};

type Compared = KernelVerdict & { readonly ratio: number; readonly low: number; readonly high: number };

/** The ratio of each kernel with its interval, and the band that counts as the same. */
export function drawComparisonForest({ kernels, threshold }: ComparisonReport, width: number): Element {
  const compared = kernels.filter((one): one is Compared => one.ratio !== undefined).sort((a, b) => b.ratio - a.ratio);
  const names = compared.map(({ kernel }) => kernel);
  const longest = Math.max(8, ...names.map((name) => name.length));
  return Plot.plot({
    ...plotStyle(width, 28 * compared.length + 52),
    marginTop: 8,
    marginLeft: Math.min(width * 0.4, longest * 6.8 + 16),
    x: {
      type: 'log',
      label: 'latency after / before',
      tickFormat: (ratio: number) => changeText(ratio - 1),
      ticks: Math.max(2, Math.min(6, width / 140)),
    },
    y: { domain: names, label: null, tickSize: 0 },
    marks: [
      Plot.rect([0], { x1: 1 / (1 + threshold), x2: 1 + threshold, fill: 'currentColor', fillOpacity: 0.08 }),
      Plot.ruleX([1], { stroke: 'currentColor', strokeOpacity: 0.5 }),
      Plot.ruleY(compared, {
        y: 'kernel',
        x1: 'low',
        x2: 'high',
        stroke: ({ verdict }: Compared) => VERDICT_COLOURS[verdict],
        strokeWidth: 3,
        strokeLinecap: 'round',
      }),
      Plot.dot(compared, {
        y: 'kernel',
        x: 'ratio',
        r: 5,
        fill: ({ verdict }: Compared) => VERDICT_COLOURS[verdict],
        stroke: 'var(--surface)',
        className: 'kernels',
      }),
    ],
    color: { type: 'identity' },
  });
}
