import * as Plot from '@observablehq/plot';
import type { KernelReport } from '../../data/report-document.ts';
import { shareText } from '../../data/texts.ts';
import { COLOURS, plotStyle } from './plot-style.ts';

const ROW_HEIGHT = 30;

/** What a kernel's last round says of its accuracy; the worst kernels last. */
export interface AccuracyLine {
  readonly kernel: string;
  readonly holdout: number | undefined;
  readonly validation: number | undefined;
  readonly ceiling: number | undefined;
}

/** The accuracy of every graded kernel, the best ones first. */
export function accuracyLines(kernels: readonly KernelReport[]): readonly AccuracyLine[] {
  return kernels
    .flatMap(({ kernel, rounds, ceiling }): readonly AccuracyLine[] => {
      const last = rounds.at(-1);
      return last === undefined
        ? []
        : [{ kernel, holdout: last.holdout?.acc10, validation: last.validation.acc10, ceiling: ceiling?.acc10 }];
    })
    .sort((a, b) => (b.holdout ?? b.validation ?? 0) - (a.holdout ?? a.validation ?? 0));
}

/** Share within ±10 % by kernel: hold-out, validation, and what the labels' own scatter allows. */
export function drawAccuracyOverview(lines: readonly AccuracyLine[], width: number): Element {
  const names = lines.map(({ kernel }) => kernel);
  const longest = Math.max(...names.map((name) => name.length));
  const lowest = Math.min(...lines.flatMap(({ holdout, validation }) => [holdout ?? 1, validation ?? 1]));
  const grade = (line: AccuracyLine): number => line.holdout ?? line.validation ?? 0;
  const from = Math.max(0, Math.min(0.5, Math.floor((lowest - 0.05) * 10) / 10));
  const ticks = Math.min(6, width / 130);
  return Plot.plot({
    ...plotStyle(width, ROW_HEIGHT * lines.length + 52),
    marginTop: 8,
    marginLeft: Math.min(width * 0.4, longest * 6.8 + 16),
    marginRight: 56,
    x: {
      domain: [from, 1],
      label: 'share within ±10 % of the measured latency',
      tickFormat: (share: number) => shareText(share, 0),
      ticks,
    },
    y: { domain: names, label: null, tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12, ticks }),
      Plot.ruleY(lines, {
        y: 'kernel',
        x1: from,
        x2: grade,
        stroke: COLOURS.unseen,
        strokeWidth: 6,
        strokeOpacity: 0.22,
        strokeLinecap: 'round',
      }),
      Plot.tickX(
        lines.filter(({ ceiling }) => ceiling !== undefined),
        { x: 'ceiling', y: 'kernel', stroke: COLOURS.ceiling, strokeWidth: 2.5, insetTop: 5, insetBottom: 5, className: 'ceiling' },
      ),
      Plot.dot(
        lines.filter(({ validation }) => validation !== undefined),
        { x: 'validation', y: 'kernel', r: 4.5, stroke: COLOURS.unseen, strokeWidth: 1.8, fill: 'var(--surface)', className: 'validation' },
      ),
      Plot.dot(
        lines.filter(({ holdout }) => holdout !== undefined),
        { x: 'holdout', y: 'kernel', r: 6.5, fill: COLOURS.unseen, stroke: 'var(--surface)', strokeWidth: 1.5, className: 'hold-out' },
      ),
      Plot.text(lines, {
        x: 1,
        y: 'kernel',
        text: (line: AccuracyLine) => shareText(grade(line)),
        textAnchor: 'start',
        dx: 12,
        fontWeight: 600,
        fontVariant: 'tabular-nums',
      }),
    ],
  });
}
