import { useCallback } from 'preact/hooks';
import type { ComparisonReport, KernelVerdict, Verdict } from '../../data/report-document.ts';
import { changeText, countText, shareText } from '../../data/texts.ts';
import { drawComparisonForest } from '../charts/comparison-forest.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Legend } from '../parts/legend.tsx';

const change = (ratio: number | undefined): string => (ratio === undefined ? '–' : changeText(ratio - 1));

const COLUMNS: readonly TableColumn<KernelVerdict>[] = [
  { title: 'kernel', value: ({ kernel }) => kernel, isText: true },
  {
    title: 'verdict',
    value: ({ verdict }) => verdict,
    show: ({ verdict }) => <span class={`verdict ${verdict}`}>{verdict}</span>,
    isText: true,
  },
  { title: 'change', value: ({ ratio }) => ratio, show: ({ ratio }) => change(ratio) },
  { title: 'low', value: ({ low }) => low, show: ({ low }) => change(low) },
  { title: 'high', value: ({ high }) => high, show: ({ high }) => change(high) },
  { title: 'configurations', value: ({ configs }) => configs },
  { title: 'flagged', value: ({ flagged }) => flagged },
  { title: 'by', value: ({ by }) => by, isText: true },
  { title: 'note', value: ({ note }) => note, isText: true },
];

const VERDICTS: readonly Verdict[] = ['slower', 'faster', 'same', 'ambiguous'];

/** Two sources of latencies, kernel by kernel. */
export function ComparisonSection({ comparison }: { readonly comparison: ComparisonReport }) {
  const draw = useCallback((width: number) => drawComparisonForest(comparison, width), [comparison]);
  const { before, after, kernels, threshold, differences } = comparison;
  const counts = VERDICTS.map((verdict) => `${kernels.filter((one) => one.verdict === verdict).length} ${verdict}`).join(', ');
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">
        {before} → {after}
      </h2>
      <p class="lead">
        {countText(kernels.length, 'kernel')}: {counts}.{differences.length > 0 && ` What differs besides: ${differences.join('; ')}.`}
      </p>
      <Chart
        wide
        title="Change of the latency"
        caption={`The median over the configurations of each kernel, with its interval. Within the band, ±${shareText(threshold, 0)}, it counts as the same; an interval that crosses its edge decides nothing.`}
        summary={kernels.map(({ kernel, verdict, ratio }) => `${kernel}: ${verdict}, ${change(ratio)}`).join('; ')}
        draw={draw}
      >
        <Legend entries={VERDICTS.map((verdict) => ({ mark: `square ${verdict}`, text: verdict }))} />
      </Chart>
      <DataTable label="Verdicts" columns={COLUMNS} records={kernels} />
    </section>
  );
}
