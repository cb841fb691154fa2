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
  const table = new Table({
    head: columns.map(({ title }) => paint.bold(legible(title))),
    colAligns: columns.map(({ align }) => align ?? 'left'),
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

/** Names and values below each other, the values aligned. Entries without a value are left out. */
export function renderFacts(facts: readonly (readonly [name: string, value: string | undefined])[], paint: Ansis): string {
  const shown = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${value}`).join('\n');
}
