import type { ReportDocument, RoundReport } from '../../data/report-document.ts';
import { countText, shareText } from '../../data/texts.ts';

/** The numbers that one looks for first. */
export function SummaryTiles({ report: { kernels } }: { readonly report: ReportDocument }) {
  const rows = kernels.flatMap((kernel) => kernel.rows);
  const flagged = rows.filter(({ flags }) => flags.length > 0).length;
  const failed = kernels.flatMap(({ failures }) => failures).reduce((sum, { count }) => sum + count, 0);
  const lasts = kernels.flatMap(({ rounds }): readonly RoundReport[] => rounds.slice(-1));
  const graded = lasts.flatMap(({ holdout }) => (holdout === undefined ? [] : [holdout]));
  const leftOut = graded.reduce((sum, { flagged: count = 0 }) => sum + count, 0);
  const ceilings = kernels.flatMap(({ ceiling }) => (ceiling === undefined ? [] : [ceiling]));
  const tiles = [
    {
      name: 'within ±10 %, unseen',
      value: shareText(weighted(graded.map(({ acc10, rows: count }) => [acc10, count]))),
      note:
        graded.length > 0
          ? `hold-out, ${countText(graded.length, 'kernel')}${leftOut > 0 ? `; ${leftOut} flagged not counted` : ''}`
          : 'no hold-out was measured',
    },
    {
      name: 'the labels allow',
      value: shareText(weighted(ceilings.map(({ acc10, rows: count }) => [acc10, count]))),
      note: 'what repeating the measurements would reach',
    },
    {
      name: 'median error, unseen',
      value: shareText(weighted(graded.map(({ medianError, rows: count }) => [medianError, count]))),
      note: `worst tenth ${shareText(weighted(graded.map(({ worstDecile, rows: count }) => [worstDecile, count])))}`,
    },
    { name: 'measured', value: rows.length.toLocaleString('en'), note: `${countText(kernels.length, 'kernel')}, ${failed} failed` },
    { name: 'flagged', value: String(flagged), note: rows.length > 0 ? `${shareText(flagged / rows.length)} of what was measured` : '' },
  ];
  return (
    <dl class="tiles">
      {tiles.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="value">{value}</dd>
          <dd class="note">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

function weighted(values: readonly (readonly [value: number, weight: number])[]): number {
  const weight = values.reduce((sum, [, count]) => sum + count, 0);
  return values.reduce((sum, [value, count]) => sum + value * count, 0) / weight;
}
