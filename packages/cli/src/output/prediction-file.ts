import path from 'node:path';
import type { Prediction } from '@nnm/builder';
import { stringify } from 'csv-stringify/sync';
import type { ConfigRow } from '../read-configs.ts';
import { listReasons } from './predictions.ts';

/** A row of a file of configurations, and what came of it. */
export interface PredictedRow {
  readonly row: ConfigRow;
  /** Absent when the row is bad. */
  readonly prediction?: Prediction;
}

/** How predictions are written. */
export interface PredictionFormat {
  readonly head: string;
  lines(rows: readonly PredictedRow[]): string;
  /** The user's own fields that had no column, because no row before had them. */
  readonly dropped: ReadonlySet<string>;
}

const RESULT_COLUMNS = ['latency_ms', 'low80_ms', 'high80_ms', 'low95_ms', 'high95_ms', 'outside', 'error'];
const RESULT_FIELDS = new Set(['config', 'error', 'latencyMs', 'interval80', 'interval95', 'outsideSampled']);

/**
 * The format that a file's name asks for: JSON Lines for `.jsonl` and `.ndjson`, CSV for everything else. What the user's file holds besides
 * configurations is kept; a field of the user's that has the name of a result becomes `input_<name>`.
 *
 * @param columns - of the CSV file that was read, if it was one
 * @param first - the first rows, whose own fields become columns where the input has none
 */
export function predictionFormat(
  file: string,
  keys: readonly string[],
  columns: readonly string[] | undefined,
  first: readonly ConfigRow[],
): PredictionFormat {
  if (['.jsonl', '.ndjson'].includes(path.extname(file).toLowerCase())) return { head: '', dropped: new Set(), lines: jsonLines };
  return columns === undefined || columns.length === 0 ? csvOfFields(keys, first) : csvOfColumns(columns);
}

function jsonLines(rows: readonly PredictedRow[]): string {
  const toLine = ({ row, prediction }: PredictedRow): string => {
    const own = Object.entries(row.own).map(([name, value]) => [RESULT_FIELDS.has(name) ? `input_${name}` : name, value]);
    return JSON.stringify({
      ...Object.fromEntries(own),
      config: row.config,
      ...(prediction ?? { error: errorText(row) }),
    });
  };
  return rows.map((row) => `${toLine(row)}\n`).join('');
}

/** The columns of the user's file as they are, and the results behind them. */
function csvOfColumns(columns: readonly string[]): PredictionFormat {
  return {
    head: stringify([[...columns.map(renameResult), ...RESULT_COLUMNS]]),
    dropped: new Set(),
    lines: (rows) => stringify(rows.map((one) => [...(one.row.cells ?? []), ...results(one)])),
  };
}

/** A column for each key and each of the user's fields, and the results behind them. */
function csvOfFields(keys: readonly string[], first: readonly ConfigRow[]): PredictionFormat {
  const fields = [...new Set(first.flatMap(({ own }) => Object.keys(own)))];
  const known = new Set(fields);
  const dropped = new Set<string>();
  return {
    head: stringify([[...keys, ...fields.map((name) => (keys.includes(name) ? `input_${name}` : renameResult(name))), ...RESULT_COLUMNS]]),
    dropped,
    lines: (rows) =>
      stringify(
        rows.map((one) => {
          const { config, own } = one.row;
          for (const name of Object.keys(own)) if (!known.has(name)) dropped.add(name);
          const cells = [
            ...keys.map((key) => (config as Readonly<Record<string, unknown>> | null)?.[key]),
            ...fields.map((name) => own[name]),
          ];
          return [...cells.map(toCell), ...results(one)];
        }),
      ),
  };
}

function renameResult(name: string): string {
  return RESULT_COLUMNS.includes(name) ? `input_${name}` : name;
}

function toCell(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function results({ row, prediction }: PredictedRow): readonly unknown[] {
  if (prediction === undefined) return ['', '', '', '', '', '', errorText(row)];
  const { latencyMs, interval80, interval95, outsideSampled } = prediction;
  const numbers = [latencyMs, interval80.lowMs, interval80.highMs, interval95.lowMs, interval95.highMs];
  return [...numbers.map((value) => Number(value.toPrecision(6))), outsideSampled.length > 0 ? listReasons(outsideSampled) : '', ''];
}

function errorText({ problems }: ConfigRow): string {
  return problems
    .map(({ line, key, message }) => [line !== undefined && `line ${line}`, key, message].filter(Boolean).join(' '))
    .join('; ');
}
