import { useCallback } from 'preact/hooks';
import type { NoiseReport } from '../../data/report-document.ts';
import { countText, shareText } from '../../data/texts.ts';
import { drawNoiseTimeline } from '../charts/noise-timeline.ts';
import { Chart } from '../parts/chart.tsx';
import { Legend } from '../parts/legend.tsx';

/** How quiet the machine was while the kernel was measured. */
export function NoiseChart({ noise }: { readonly noise: NoiseReport }) {
  const draw = useCallback((width: number) => drawNoiseTimeline(noise, width), [noise]);
  const quiet = noise.visits.filter(({ slowdown }) => slowdown <= 1.03).length / noise.visits.length;
  const thinned = noise.visits.length < noise.made ? ` ${noise.visits.length} of ${noise.made} visits are drawn.` : '';
  return (
    <Chart
      wide
      title="How quiet the machine was"
      caption={`A known reference runs beside every kernel: where it takes longer, something else used the machine. Visits were quiet ${shareText(quiet, 0)} of the time; dotted lines are new sessions.${thinned}`}
      summary={`${countText(noise.made, 'visit')} in ${countText(noise.sessions.length, 'session')}, ${shareText(quiet)} of them quiet, ${noise.visits.filter(({ flags }) => flags.length > 0).length} to flagged configurations.`}
      draw={draw}
    >
      <Legend
        entries={[
          { mark: 'faint', text: 'visit' },
          { mark: 'triangle', text: 'its configuration is flagged' },
        ]}
      />
    </Chart>
  );
}
