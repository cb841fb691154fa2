import { useMemo, useState } from 'preact/hooks';
import { copyText } from './copy-text.ts';
import { csvText } from './csv-text.ts';

/** One column of a table of records. */
export interface TableColumn<R> {
  readonly title: string;
  /** What is sorted by, filtered and copied. */
  readonly value: (record: R) => string | number | undefined;
  /** What is shown; default: the value. */
  readonly show?: (record: R) => preact.ComponentChildren;
  readonly isText?: boolean;
}

/** What a table is made of. */
export interface DataTableProps<R> {
  /** Says what it lists. */
  readonly label: string;
  readonly columns: readonly TableColumn<R>[];
  readonly records: readonly R[];
  /** Column that it is sorted by at first. */
  readonly sortBy?: number;
  readonly descending?: boolean;
  readonly filter?: boolean;
}

/** Rows shown at first; long tables are slow to lay out. */
const PAGE_ROWS = 50;

/** A table that sorts by any column, filters by words, and copies itself as CSV. */
export function DataTable<R>({ label, columns, records, sortBy, descending = false, filter = true }: DataTableProps<R>) {
  const [order, setOrder] = useState({ column: sortBy, descending });
  const [words, setWords] = useState('');
  const [shown, setShown] = useState(PAGE_ROWS);
  const [copied, setCopied] = useState('');
  const found = useMemo(() => findRecords(records, columns, words), [records, columns, words]);
  const sorted = useMemo(() => sortRecords(found, columns, order), [found, columns, order]);
  const copy = async (): Promise<void> => {
    const rows = sorted.map((record) => columns.map(({ value }) => value(record)));
    const text = csvText([columns.map(({ title }) => title), ...rows]);
    setCopied((await copyText(text)) ? `Copied ${rows.length} rows` : 'This browser does not let the page copy.');
  };
  return (
    <div class="table-block">
      <div class="table-tools">
        {filter && (
          <input
            type="search"
            placeholder="Filter"
            aria-label={`Filter: ${label}`}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        )}
        <span class="count" role="status">
          {copied || (sorted.length === records.length ? `${records.length} rows` : `${sorted.length} of ${records.length} rows`)}
        </span>
        <button type="button" onClick={() => void copy()}>
          Copy CSV
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-scroll" aria-label={label} tabIndex={0}>
        <table>
          <caption class="unseen">{label}</caption>
          <thead>
            <tr>
              {columns.map(({ title, isText }, index) => {
                const isSorted = order.column === index;
                const next = { column: index, descending: isSorted ? !order.descending : false };
                return (
                  <th
                    key={title}
                    scope="col"
                    class={isText ? 'text' : 'number'}
                    aria-sort={isSorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
                  >
                    <button type="button" onClick={() => setOrder(next)}>
                      {title}
                      <span aria-hidden="true">{isSorted ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((record, row) => (
              <tr key={row}>
                {columns.map(({ title, value, show, isText }) => (
                  <td key={title} class={isText ? 'text' : 'number'}>
                    {show ? show(record) : value(record)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {sorted.length > shown && (
        <button type="button" class="more" onClick={() => setShown(sorted.length)}>
          Show all {sorted.length} rows
        </button>
      )}
    </div>
  );
}

function findRecords<R>(records: readonly R[], columns: readonly TableColumn<R>[], words: string): readonly R[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return records;
  return records.filter((record) => {
    const text = columns.map(({ title, value }) => `${title}=${value(record) ?? ''}`.toLowerCase());
    return wanted.every((word) => text.some((cell) => cell.includes(word)));
  });
}

function sortRecords<R>(
  records: readonly R[],
  columns: readonly TableColumn<R>[],
  { column, descending }: { readonly column: number | undefined; readonly descending: boolean },
): readonly R[] {
  const by = column === undefined ? undefined : columns[column];
  if (by === undefined) return records;
  const sign = descending ? -1 : 1;
  return [...records].sort((a, b) => {
    const [one, other] = [by.value(a), by.value(b)];
    // What has no value stands last, whichever way round the others are.
    if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1;
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * String(one).localeCompare(String(other), 'en', { numeric: true });
  });
}
