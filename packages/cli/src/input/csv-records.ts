import { parse } from 'csv-parse/sync';
import type { TextLine } from './text-lines.ts';

/** Lines that one quoted cell may go over. */
const MOST_LINES = 50;

/** The cells of a record, or why it has none. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly problem?: string;
}

/**
 * Put the lines of a CSV file together to records, each on its own, so that a quote that is never closed costs one record and not the rest
 * of the file. A quote within a cell that does not begin with one is a character like any other.
 *
 * @param width - how many cells a record has, from its header; decides whether a quoted cell really goes on in the next line
 */
export async function* csvRecords(lines: AsyncIterator<TextLine>, delimiter: string, width: number): AsyncGenerator<CsvRecord> {
  let waiting: TextLine[] = [];
  // Whoever stops early leaves no file open
  using _closing = { [Symbol.dispose]: () => void lines.return?.() };
  const next = async (): Promise<TextLine | undefined> => waiting.shift() ?? ((await lines.next()).value as TextLine | undefined);
  for (let first = await next(); first !== undefined; first = await next()) {
    const { line, text } = first;
    if (text.trim() === '') continue;
    const cells = text.includes('"') ? parseRecord(text, delimiter, true) : text.split(delimiter).map((cell) => cell.trim());
    if (cells !== undefined) {
      yield { line, cells };
      continue;
    }
    const more: TextLine[] = [];
    let whole: readonly string[] | undefined;
    while (whole === undefined && more.length < MOST_LINES) {
      const following = await next();
      if (following === undefined) break;
      more.push(following);
      if (!following.text.includes('"')) continue;
      const tried = parseRecord([text, ...more.map((one) => one.text)].join('\n'), delimiter, false);
      if (tried?.length === width) whole = tried;
    }
    if (whole !== undefined) yield { line, cells: whole };
    else {
      waiting = [...more, ...waiting];
      yield {
        line,
        cells: text.split(delimiter).map((cell) => cell.trim()),
        problem: 'it has a quoted cell that is never closed, or goes on behind its quote',
      };
    }
  }
}

/** The cells of one record; undefined when it is none. */
export function parseRecord(text: string, delimiter: string, isLenient: boolean): readonly string[] | undefined {
  try {
    const [record] = parse(text, { delimiter, trim: true, relax_column_count: true, relax_quotes: isLenient }) as string[][];
    return record ?? [];
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('CSV_')) return undefined;
    throw error;
  }
}
