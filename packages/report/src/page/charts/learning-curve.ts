import * as Plot from '@observablehq/plot';
import type { KernelReport, RoundReport } from '../../data/report-document.ts';
import { roundText, shareText } from '../../data/texts.ts';
import { COLOURS, plotStyle } from './plot-style.ts';

interface CurvePoint {
  readonly rows: number;
  readonly share: number;
  readonly mark: string;
  readonly on: 'hold-out' | 'validation';
}

/** Share within ±10 % after each round, by the rows it was trained on, with what the labels allow. */
export function drawLearningCurve({ rounds, ceiling }: Pick<KernelReport, 'rounds' | 'ceiling'>, width: number): Element {
  const points = rounds.flatMap(({ rows, mark, validation, holdout }: RoundReport): readonly CurvePoint[] => [
    { rows, mark, share: validation.acc10, on: 'validation' },
    ...(holdout ? [{ rows, mark, share: holdout.acc10, on: 'hold-out' } as const] : []),
  ]);
  const lowest = Math.min(...points.map(({ share }) => share));
  const of = (on: CurvePoint['on']): readonly CurvePoint[] => points.filter((point) => point.on === on);
  return Plot.plot({
    ...plotStyle(width, Math.min(width, 440)),
    x: {
      label: 'rows learned from',
      nice: true,
      ticks: Math.min(6, width / 80),
      tickFormat: (rows: number) => (Number.isInteger(rows) ? rows.toLocaleString('en') : ''), // of one round Plot would show decimals
      inset: 12,
    },
    y: {
      label: 'within ±10 %',
      domain: [Math.max(0, Math.floor(lowest * 10 - 0.5) / 10), 1],
      tickFormat: (share: number) => shareText(share, 0),
      ticks: 6,
    },
    marks: [
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12, ticks: 6 }),
      ...(ceiling === undefined
        ? []
        : [Plot.ruleY([ceiling.acc10], { stroke: COLOURS.ceiling, strokeDasharray: '5 4', strokeWidth: 1.5, className: 'ceiling' })]),
      Plot.line(of('validation'), {
        x: 'rows',
        y: 'share',
        stroke: COLOURS.unseen,
        strokeOpacity: 0.55,
        strokeDasharray: '2 4',
        strokeWidth: 1.6,
      }),
      Plot.line(of('hold-out'), { x: 'rows', y: 'share', stroke: COLOURS.unseen, strokeWidth: 2.4 }),
      Plot.dot(of('validation'), {
        x: 'rows',
        y: 'share',
        r: 4,
        fill: 'var(--surface)',
        stroke: COLOURS.unseen,
        strokeWidth: 1.6,
        className: 'validation',
      }),
      Plot.dot(of('hold-out'), {
        x: 'rows',
        y: 'share',
        r: 5.5,
        fill: COLOURS.unseen,
        stroke: 'var(--surface)',
        strokeWidth: 1.5,
        className: 'hold-out',
      }),
      Plot.tip(
        points,
        Plot.pointer({
          x: 'rows',
          y: 'share',
          title: ({ mark, on, rows, share }: CurvePoint) => `${roundText(mark)}, ${rows} rows\n${on} within ±10 %: ${shareText(share)}`,
        }),
      ),
    ],
  });
}
