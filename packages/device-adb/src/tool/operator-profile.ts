import type { ProfiledPart } from '@nnm/core';

/** A line of a table of `benchmark_model`'s statistics. */
interface Row {
  readonly type: string;
  /** `[names of its outputs]:node` for an operator of the model, `Delegate/operator:number` for one that runs within a delegate. */
  readonly name: string;
  /** Milliseconds of one inference. */
  readonly latencyMs: number;
}

const RUNS = 'Operator-wise Profiling Info for Regular Benchmark Runs:';
const TITLE = /^=+ (.*?) =+$/;
/** Versions before 2021 also print when each node started. */
const HEADER = /^\[?node type\]?[\s,]+(\[?start\]?[\s,]+)?\[?first\]?[\s,]/i;
const NUMBER = String.raw`-?[\d.]+(?:e[+-]?\d+)?`;
/** Columns are apart by tabs, or, in the file, by commas, of which types and names have some of their own. */
const GAP = String.raw`(?:\s*,\s*|\s+)`;

/**
 * Read the profile of operators that `benchmark_model` of any version prints, or writes to a file as CSV.
 *
 * @param text - both of its outputs, and behind them the file; the last profile of runs counts
 * @returns operators in the order in which they run; those within a delegate, of which versions since 2020 tell, in place of the delegate, with
 * what is left of it. Undefined when there is no profile
 */
export function readOperatorProfile(text: string): readonly ProfiledPart[] | undefined {
  const lines = text
    .slice(Math.max(0, text.lastIndexOf(RUNS)))
    .split('\n')
    .map((line) => line.trim());
  const insideAt = lines.indexOf('Delegate internal:');
  const main = readRunOrder(insideAt < 0 ? lines : lines.slice(0, insideAt)).filter((row) => isOperator(row) || isInside(row));
  if (main.length === 0) return undefined;
  const mixed = main.filter(isInside);
  const inside = mixed.length > 0 || insideAt < 0 ? mixed : readRunOrder(lines.slice(insideAt)).filter(isInside);
  const isDelegate = (row: Row): boolean => inside.length > 0 && isOperator(row) && /delegate/i.test(row.type);
  const first = main.find(isDelegate);
  // A version that names no delegate has what runs within it where it ran.
  if (first === undefined) return main.map(partOf);
  const restMs = sum(main.filter(isDelegate)) - sum(inside);
  const rest = restMs > 0 ? [{ operators: [first.type], values: [], latencyMs: Number(restMs.toPrecision(6)) }] : [];
  return main.flatMap((row) => {
    if (row === first) return [...inside.map(partOf), ...rest];
    return isDelegate(row) || isInside(row) ? [] : [partOf(row)];
  });
}

/** What is neither, such as loading, contains operators or is none. */
const isOperator = ({ name }: Row): boolean => name.startsWith('[');
const isInside = ({ name }: Row): boolean => name.startsWith('Delegate/');

/** Of the main graph, which comes first: what the others take is in the operators that call them. */
function readRunOrder(lines: readonly string[]): readonly Row[] {
  const title = lines.findIndex((line) => TITLE.exec(line)?.[1] === 'Run Order');
  if (title < 0) return [];
  const numbers = HEADER.exec(lines[title + 1] ?? '')?.[1] === undefined ? 1 : 2;
  const row = new RegExp(
    `^(\\S.*?)${GAP}(?:${NUMBER}${GAP}){${numbers}}(${NUMBER})${GAP}\\S+%${GAP}\\S+%${GAP}${NUMBER}${GAP}(\\d+)${GAP}(\\S.*)$`,
  );
  const body = lines.slice(title + 2);
  const end = body.findIndex((line) => line === '' || TITLE.test(line));
  return body.slice(0, end < 0 ? undefined : end).flatMap((line) => {
    const [, type, meanMs, times, name] = row.exec(line) ?? [];
    if (type === undefined) return [];
    // Nodes of one name are one row, with the mean of their calls.
    return [{ type, name: name!, latencyMs: Number((Number(meanMs) * Math.max(1, Number(times))).toPrecision(6)) }];
  });
}

function partOf({ type, name, latencyMs }: Row): ProfiledPart {
  if (name.startsWith('Delegate/')) return { operators: [name.replace(/^Delegate\/(.*?)(:\d+)?$/, '$1')], values: [], latencyMs };
  const values = name.replace(/^\[(.*)\](:\d+)?$/, '$1');
  return { operators: [type], values: values === '' ? [] : values.split(', '), latencyMs };
}

function sum(rows: readonly Row[]): number {
  return rows.reduce((total, { latencyMs }) => total + latencyMs, 0);
}
