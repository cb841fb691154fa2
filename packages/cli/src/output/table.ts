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

/** A table without borders: bold titles, two spaces between columns, no trailing spaces. Plain text when `paint` has no colours. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Ansis): string {
  return layOut(
    rows,
    columns.map(({ align }) => align ?? 'left'),
    columns.map(({ title }) => paint.bold(legible(title))),
  );
}

/** Names and values below each other, the values aligned. Entries without a value are left out. */
export function renderFacts(facts: readonly (readonly [name: string, value: string | undefined])[], paint: Ansis): string {
  const rows = facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[paint.dim(name), value]]));
  return rows.length === 0 ? '' : layOut(rows, ['left', 'left']);
}

function layOut(rows: readonly (readonly string[])[], colAligns: ('left' | 'right')[], head: string[] = []): string {
  const table = new Table({
    head,
    colAligns,
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => legible(cell))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
