import type { ComparisonReport, KernelReport, ModelReport, ReportDocument } from '../data/report-document.ts';
import { changeText, countText, latencyText, shareText } from '../data/texts.ts';
import { markdownTable } from './markdown-table.ts';

/** Parts of a model that a summary lists. */
const MOST_PARTS = 15;

/** A report as GitHub's Markdown: short enough for a pull request or the summary of a job. */
export function renderMarkdown({ title, facts, kernels, model, comparison, environments, problems }: ReportDocument): string {
  const sections = [
    `## ${title}`,
    facts.map(({ name, value }) => `${name} **${value}**`).join(' · '),
    ...problems.map((problem) => `> ${problem}`),
    ...(model ? [modelText(model)] : []),
    ...(comparison ? [comparisonText(comparison)] : []),
    ...(kernels.length > 0 ? [accuracyTable(kernels)] : []),
    ...environments.map(
      ({ facts: conditions, kernels: names }) =>
        `<details><summary>Measured on${environments.length > 1 ? ` (${names.join(', ')})` : ''}</summary>\n\n${markdownTable(
          ['', ''],
          conditions.map(({ name, value }) => [name, value]),
          2,
        )}\n\n</details>`,
    ),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function accuracyTable(kernels: readonly KernelReport[]): string {
  const rows = kernels.map(({ kernel, rows: measured, rounds, ceiling }) => {
    const last = rounds.at(-1);
    const graded = last?.holdout ?? last?.validation;
    const flagged = measured.filter(({ flags }) => flags.length > 0).length;
    return [
      kernel,
      String(measured.length),
      String(flagged),
      last === undefined ? '–' : last.holdout ? 'hold-out' : 'validation',
      ...[graded?.acc5, graded?.acc10, graded?.acc15, ceiling?.acc10, graded?.rmspe, graded?.worstDecile].map((share) => shareText(share)),
    ];
  });
  return markdownTable(
    ['kernel', 'measured', 'flagged', 'graded on', '±5 %', '±10 %', '±15 %', '±10 % at most', 'RMSPE', 'worst tenth'],
    rows,
  );
}

function modelText({ name, totalMs, lowMs, highMs, coverage, measuredMs, isLowerBound, notes = [], rows }: ModelReport): string {
  const range =
    lowMs === undefined || highMs === undefined
      ? ''
      : `, ${latencyText(lowMs)} to ${latencyText(highMs)}${coverage === undefined ? '' : ` with ${shareText(coverage, 0)} probability`}`;
  const measured = measuredMs === undefined ? '' : `; measured: ${latencyText(measuredMs)}`;
  const costliest = [...rows].sort((a, b) => (b.latencyMs ?? 0) - (a.latencyMs ?? 0)).slice(0, MOST_PARTS);
  const table = markdownTable(
    ['part', 'kernel', 'source', 'latency', 'range', 'share', 'remarks'],
    costliest.map((row) => [
      row.name,
      row.kernel,
      row.source,
      latencyText(row.latencyMs),
      row.lowMs === undefined ? '–' : `${latencyText(row.lowMs)} to ${latencyText(row.highMs)}`,
      shareText(row.share),
      row.flags.join('; '),
    ]),
    3,
  );
  const more = rows.length > costliest.length ? `\n\n${countText(rows.length - costliest.length, 'smaller part')} left out.` : '';
  const said = notes.map((note) => `\n\n> ${note}`).join('');
  return `**${name}: ${isLowerBound ? 'more than ' : ''}${latencyText(totalMs)}**${range}${measured}${said}\n\n${table}${more}`;
}

/** What a comparison found, as GitHub's Markdown. */
export function comparisonText({ before, after, threshold, kernels, differences, onlyBefore, onlyAfter }: ComparisonReport): string {
  const table = markdownTable(
    ['kernel', 'verdict', 'change', 'interval', 'configurations', 'by', 'note'],
    kernels.map(({ kernel, verdict, ratio, low, high, configs, by, note = '' }) => [
      kernel,
      `${VERDICT_MARKS[verdict]} ${verdict}`,
      ratio === undefined ? '–' : changeText(ratio - 1),
      low === undefined || high === undefined ? '–' : `${changeText(low - 1)} to ${changeText(high - 1)}`,
      String(configs),
      by,
      note,
    ]),
    2,
  );
  const alone = [
    ...(onlyBefore.length > 0 ? [`Only in ${before}: ${onlyBefore.join(', ')}.`] : []),
    ...(onlyAfter.length > 0 ? [`Only in ${after}: ${onlyAfter.join(', ')}.`] : []),
    ...(differences.length > 0 ? [`What differs besides: ${differences.join('; ')}.`] : []),
  ];
  return [`**${before} → ${after}**, same within ±${shareText(threshold, 0)}`, table, ...alone].join('\n\n');
}

const VERDICT_MARKS = { slower: '🔴', faster: '🟢', same: '⚪', ambiguous: '🟡' } as const;
