import { NnmError } from '@nnm/core';
import type { ModelPrediction } from '@nnm/model';
import type { Ansis } from 'ansis';
import type { ProfiledOperator } from '../models/profile-operators.ts';
import { describeShares, formatBytes, formatRange, kernelRows, ROW_TITLES, rowCells } from './model-table.ts';
import { describeOperators, OPERATOR_TITLES, operatorRows } from './operator-table.ts';
import { countOf, formatLatency } from './quantities.ts';
import { renderTable } from './table.ts';

/** A model and what was found of it with each of the predictors. */
export interface ModelReport {
  /** The file as it was given. */
  readonly file: string;
  /** Most bytes that values exist in at once, of those whose shapes are known; absent for a file that could not be read. */
  readonly peakActivationBytes?: number;
  readonly answers: readonly ModelAnswer[];
}

/** What one bundle or workspace says of a model. */
export interface ModelAnswer {
  /** The bundle or workspace. */
  readonly predictor: string;
  readonly prediction: ModelPrediction | NnmError;
  /** Runtime, threads and machine that the predictors were measured with; absent where nothing says. */
  readonly measuredWith?: string;
  /** With `--against measured`: the whole model, measured here. */
  readonly measured?: MeasuredModel | NnmError;
  /** With `--operators`: what each takes by the runtime's own profile, in the order in which they run. */
  readonly operators?: readonly ProfiledOperator[] | NnmError;
  /** With `--limit`: on which side of it the whole 95 % range lies. */
  readonly limit?: LimitAnswer;
}

/** How a 95 % range lies to a limit: `uncertain` where the limit is inside. */
export type LimitAnswer = 'within' | 'uncertain' | 'beyond';

const LIMIT_TEXTS: Readonly<Record<LimitAnswer, string>> = {
  within: 'The whole 95 % range lies within the limit.',
  uncertain: 'The limit lies inside the 95 % range: the model may be beyond it, or not.',
  beyond: 'The whole 95 % range lies beyond the limit.',
};

/** A whole model measured. */
export interface MeasuredModel {
  readonly latencyMs: number;
  readonly flags: readonly string[];
  /** `(predicted - measured) / measured` */
  readonly relativeError: number;
}

const LIMIT_COLOURS = { within: 'green', uncertain: 'yellow', beyond: 'red' } as const;

/** Rows of a table that are shown unless all are wanted. */
const MOST_ROWS = 12;

/** Reports as text for a terminal. */
export function renderModelReports(reports: readonly ModelReport[], paint: Ansis, all: boolean): string {
  return reports.flatMap((report) => report.answers.map((answer) => renderAnswer(report, answer, paint, all))).join('\n\n');
}

function renderAnswer(
  report: ModelReport,
  { predictor, prediction, measuredWith, measured, operators, limit }: ModelAnswer,
  paint: Ansis,
  all: boolean,
): string {
  if (NnmError.isInstance(prediction))
    return [
      `${paint.bold(report.file)} by ${predictor}`,
      `${paint.red('No prediction:')} ${prediction.message}`,
      ...(prediction.hint === undefined ? [] : [prediction.hint]),
    ].join('\n');
  const { total } = prediction;
  const rows = kernelRows(prediction);
  const shown = all ? rows : rows.filter((row, index) => index < MOST_ROWS || row.latencyMs === undefined);
  const table = renderTable(
    ROW_TITLES.map((title, index) => ({ title, ...(index >= 2 && index <= 4 && { align: 'right' as const }) })),
    shown.map((row) => rowCells(row, total.sumMs)),
    paint,
  );
  return [
    `${paint.bold(report.file)} on ${prediction.backend}, predictor ${predictor}`,
    `${paint.bold(totalText(prediction))}   80 %: ${formatRange(total.interval80)}   95 %: ${formatRange(total.interval95)}`,
    factsOf(report, prediction),
    ...(measuredWith === undefined ? [] : [`predictors measured with ${measuredWith}`]),
    ...(measured === undefined ? [] : [measuredText(measured)]),
    ...(limit === undefined ? [] : [paint[LIMIT_COLOURS[limit]](LIMIT_TEXTS[limit])]),
    '',
    table,
    ...(shown.length < rows.length ? [paint.dim(`and ${countOf(rows.length - shown.length, 'shorter row')}; --verbose shows all`)] : []),
    ...total.notes.map((note) => `${paint.yellow('Note:')} ${note}`),
    ...(operators === undefined ? [] : ['', renderOperators(operators, paint, all)]),
  ].join('\n');
}

function renderOperators(operators: readonly ProfiledOperator[] | NnmError, paint: Ansis, all: boolean): string {
  if (NnmError.isInstance(operators))
    return `no operators: ${operators.message}${operators.hint === undefined ? '' : ` ${operators.hint}`}`;
  const rows = operatorRows(operators);
  const shown = all ? rows : rows.slice(0, MOST_ROWS);
  return [
    describeOperators(operators),
    renderTable(
      OPERATOR_TITLES.map((title, index) => ({ title, ...((index === 1 || index === 2) && { align: 'right' as const }) })),
      shown,
      paint,
    ),
    ...(shown.length < rows.length ? [paint.dim(`and ${countOf(rows.length - shown.length, 'shorter row')}; --verbose shows all`)] : []),
  ].join('\n');
}

/** Reports as Markdown: a table of all models, then a table for each. */
export function renderModelMarkdown(reports: readonly ModelReport[]): string {
  const all = reports.flatMap(({ answers }) => answers);
  const isMeasured = all.some(({ measured }) => measured !== undefined);
  const isLimited = all.some(({ limit }) => limit !== undefined);
  const titles = [
    'model',
    'predictor',
    'backend',
    'total',
    '80 % range',
    '95 % range',
    ...(isLimited ? ['limit'] : []),
    ...(isMeasured ? ['measured', 'off by'] : []),
    'where it comes from',
  ];
  const lines = reports.flatMap(({ file, answers }) =>
    answers.map(({ predictor, prediction, measured, limit }) => {
      if (NnmError.isInstance(prediction)) {
        const empty = ['', '', '', '', ...(isLimited ? [''] : []), ...(isMeasured ? ['', ''] : [])];
        return [file, predictor, ...empty, prediction.message];
      }
      const { total } = prediction;
      return [
        file,
        predictor,
        prediction.backend,
        totalText(prediction),
        formatRange(total.interval80),
        formatRange(total.interval95),
        ...(isLimited ? [limit ?? ''] : []),
        ...(isMeasured ? measuredCells(measured) : []),
        describeShares(prediction),
      ];
    }),
  );
  const parts = reports.flatMap(({ file, answers }) =>
    answers.flatMap(({ predictor, prediction, measuredWith, operators }) => {
      if (NnmError.isInstance(prediction)) return [];
      const { total } = prediction;
      const rows = kernelRows(prediction).map((row) => rowCells(row, total.sumMs));
      return [
        `\n### ${file}, ${predictor}\n`,
        ...(measuredWith === undefined ? [] : [`Predictors measured with ${measuredWith}.\n`]),
        markdownTable(
          ROW_TITLES.map((title) => title.toLowerCase()),
          rows,
        ),
        ...total.notes.map((note) => `\n${note}`),
        ...(operators === undefined ? [] : markdownOperators(operators)),
      ];
    }),
  );
  return [markdownTable(titles, lines), ...parts].join('\n');
}

function markdownOperators(operators: readonly ProfiledOperator[] | NnmError): readonly string[] {
  if (NnmError.isInstance(operators)) return [`\nno operators: ${operators.message}`];
  const titles = OPERATOR_TITLES.map((title) => title.toLowerCase());
  return [`\n${describeOperators(operators)}\n`, markdownTable(titles, operatorRows(operators))];
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function totalText({ total }: ModelPrediction): string {
  return `${total.isLowerBound ? 'more than ' : ''}${formatLatency(total.latencyMs)}`;
}

function factsOf({ peakActivationBytes }: ModelReport, prediction: ModelPrediction): string {
  return [
    `${countOf(prediction.kernels.length, 'kernel')}; ${describeShares(prediction)}`,
    `weights ${formatBytes(prediction.weightBytes)}${peakActivationBytes === undefined ? '' : `, activations at most ${formatBytes(peakActivationBytes)} at once`}`,
  ].join('\n');
}

function measuredText(measured: MeasuredModel | NnmError): string {
  if (NnmError.isInstance(measured)) return `not measured: ${measured.message}`;
  const { latencyMs, flags } = measured;
  const doubt = flags.length > 0 ? ` (uncertain: ${flags.join(', ')})` : '';
  return `measured ${formatLatency(latencyMs)}${doubt}; the prediction is off by ${formatError(measured.relativeError)}`;
}

function measuredCells(measured: MeasuredModel | NnmError | undefined): readonly [string, string] {
  if (measured === undefined || NnmError.isInstance(measured)) return ['-', '-'];
  return [formatLatency(measured.latencyMs), formatError(measured.relativeError)];
}

function formatError(error: number): string {
  return `${error >= 0 ? '+' : ''}${(100 * error).toFixed(1)} %`;
}
