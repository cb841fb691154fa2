import * as Plot from '@observablehq/plot';
import type { NoiseReport, NoiseVisit } from '../../data/report-document.ts';
import { changeText } from '../../data/texts.ts';
import { COLOURS, plotStyle } from './plot-style.ts';

/** Slower than this is drawn at the edge: a neighbour that takes the whole machine would leave the rest no room. */
const EDGE = 3;

/** How much slower than quiet the machine was at each visit, with the configurations that ended flagged. */
export function drawNoiseTimeline({ visits, sessions }: NoiseReport, width: number): Element {
  const clipped = ({ slowdown }: NoiseVisit): number => Math.min(EDGE, slowdown);
  const high = Math.max(1.3, ...visits.map(clipped));
  const low = Math.min(0.97, ...visits.map(clipped));
  return Plot.plot({
    ...plotStyle(width, 260),
    x: { label: 'visit', ticks: Math.min(10, width / 80) },
    y: {
      type: 'log',
      domain: [low, high * 1.03],
      label: 'time of the reference, × quiet',
      ticks: [1, 1.1, 1.25, 1.5, 2, 2.5, 3].filter((tick) => tick <= high * 1.03),
      tickFormat: (value: number) => `${value}×`,
    },
    marks: [
      Plot.rect([0], { y1: low, y2: 1.03, fill: COLOURS.good, fillOpacity: 0.14 }),
      Plot.ruleX(sessions, { x: 'visit', stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '2 3' }),
      Plot.dot(visits, {
        x: 'visit',
        y: clipped,
        r: ({ flags }: NoiseVisit) => (flags.length > 0 ? 4 : 2),
        fill: ({ flags }: NoiseVisit) => (flags.length > 0 ? COLOURS.flagged : COLOURS.seen),
        symbol: ({ flags }: NoiseVisit) => (flags.length > 0 ? 'triangle' : 'circle'),
        sort: ({ flags }: NoiseVisit) => flags.length,
        className: 'visits',
      }),
      Plot.tip(
        visits,
        Plot.pointer({
          x: 'visit',
          y: clipped,
          title: ({ visit, id, slowdown, flags }: NoiseVisit) =>
            `visit ${visit}: ${id}\n${slowdown <= 1.03 ? 'quiet' : `${changeText(slowdown - 1)} against quiet`}${flags.length > 0 ? `\nflagged: ${flags.join(', ')}` : ''}`,
        }),
      ),
    ],
    r: { type: 'identity' },
    color: { type: 'identity' },
    symbol: { type: 'identity' },
  });
}
