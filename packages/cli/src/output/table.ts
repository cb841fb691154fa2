import type { Ansis } from 'ansis';
import Table from 'cli-table3';
import { legible } from './legible.ts';

/** One column: its title and how its cells are aligned. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Between two columns. */
const GAP = 2;
/** A column of words gives way as long as it is at least this wide. */
const LEGIBLE_WIDTH = 28;
/** What does not fit beside the others is written below them, indented. */
const INDENT = 4;

/** Columns of the terminal that standard output is; what goes into a file or a pipe is as wide as it is. */
export function terminalWidth({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout): number {
  return isTTY && columns ? columns : Number.POSITIVE_INFINITY;
}

/**
 * A table without borders: bold titles, two spaces between columns, no trailing spaces. Plain text when `paint` has no colours. Where it is
 * wider than `width`, its widest column of words is wrapped; where that is not enough, rows are written in several lines.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Ansis,
  width: number = terminalWidth(),
): string {
  const head = columns.map(({ title }) => paint.bold(legible(title)));
  const cells = [head, ...rows.map((row) => row.map((cell) => legible(cell)))];
  return layOut(
    cells,
    columns.map(({ align }) => align ?? 'left'),
    width,
  );
}

/** Names and values below each other, the values aligned. Entries without a value are left out. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string | undefined])[],
  paint: Ansis,
  width: number = terminalWidth(),
): string {
  const rows = facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[paint.dim(name), legible(value)]]));
  return rows.length === 0 ? '' : layOut(rows, ['left', 'left'], width);
}

type Align = NonNullable<Column['align']>;
type Rows = readonly (readonly string[])[];

/** A column and how wide it is. */
interface Place {
  readonly column: number;
  readonly width: number;
}

function layOut(rows: Rows, aligns: readonly Align[], width: number): string {
  const lines = arrange(rows, width);
  return rows
    .flatMap((row) => lines.flatMap((places, line) => drawRow(row, places, aligns, line === 0 ? '' : ' '.repeat(INDENT))))
    .join('\n');
}

/** The columns of each line that a row is written in. */
function arrange(rows: Rows, width: number): readonly (readonly Place[])[] {
  const natural = widthsOf(rows).map((natural, column): Place => ({ column, width: natural }));
  if (totalOf(natural) <= width) return [natural];
  const words = widthsOf(rows.map((row) => row.map((cell) => cell.split(/\s+/).join('\n'))));
  const [widest] = natural.filter((place) => words[place.column]! < place.width).sort((a, b) => b.width - a.width);
  if (widest === undefined) return fold(natural, words, width);
  const room = width - totalOf(natural) + widest.width;
  if (room >= Math.max(words[widest.column]!, LEGIBLE_WIDTH)) {
    return [natural.map((place) => (place === widest ? { ...place, width: room } : place))];
  }
  const isLong = widest.width > width / 2;
  return fold(isLong ? [...natural.filter((place) => place !== widest), widest] : natural, words, width);
}

/** As many columns into a line as it takes; one that no line takes is wrapped, though not within a word. */
function fold(places: readonly Place[], words: readonly number[], width: number): readonly (readonly Place[])[] {
  const lines: Place[][] = [];
  for (const place of places) {
    const line = lines.at(-1);
    const indent = lines.length > 1 ? INDENT : 0;
    if (line !== undefined && indent + totalOf([...line, place]) <= width) line.push(place);
    else lines.push([{ ...place, width: Math.max(words[place.column]!, Math.min(place.width, width - (lines.length > 0 ? INDENT : 0))) }]);
  }
  return lines;
}

function totalOf(places: readonly Place[]): number {
  return places.reduce((sum, { width }) => sum + width, 0) + GAP * (places.length - 1);
}

function drawRow(row: readonly string[], places: readonly Place[], aligns: readonly Align[], indent: string): readonly string[] {
  if (indent !== '' && places.every(({ column }) => (row[column] ?? '') === '')) return [];
  const table = tableOf({
    colAligns: places.map(({ column }) => aligns[column]!),
    colWidths: places.map(({ width }) => width),
    wordWrap: true,
  });
  table.push(places.map(({ column }) => row[column] ?? ''));
  return table
    .toString()
    .split('\n')
    .map((line) => `${indent}${line}`.trimEnd());
}

/** The width of each column, which the library finds out while it draws. */
function widthsOf(rows: Rows): readonly number[] {
  const colWidths: number[] = [];
  const table = tableOf({ colWidths });
  table.push(...rows.map((row) => [...row]));
  table.toString();
  return colWidths;
}

function tableOf(options: Table.TableConstructorOptions): Table.Table {
  return new Table({ ...options, chars: NO_BORDERS, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
}
