import { parseLatency } from '@nnm/builder';
import type { Implement } from '@nnm/core';
import { readNumber } from '../input/input-row.ts';
import { showValue } from '../output/show-value.ts';
import type { StageRow } from './stage-row.ts';

/** What a row says beside its kernel and configuration, and what of it is wrong. */
export interface RowFacts {
  readonly facts: Partial<Omit<StageRow, 'kernel' | 'config'>>;
  readonly problem?: string;
}

/**
 * Read what stands beside a configuration: `latency_ms`, `latencyMs`, or `latency` as latency files have it (`"37.53 +- 0.314"`), and so
 * on. Names are told apart by their letters alone; what is none of them is the user's own.
 */
export function readFacts(own: Readonly<Record<string, unknown>>): RowFacts {
  const given = new Map(Object.entries(own).map(([name, value]) => [plain(name), value === '' || value === null ? undefined : value]));
  const problems: string[] = [];
  const text = (name: string): string | undefined => {
    const value = given.get(name);
    return value === undefined ? undefined : String(value);
  };
  const amount = (name: string): number | undefined => {
    const value = given.get(name);
    if (value === undefined) return undefined;
    const read = typeof value === 'string' ? readNumber(value.trim()) : value;
    if (typeof read === 'number' && Number.isFinite(read) && read >= 0) return read;
    problems.push(`its ${name} must be a number >= 0, got ${showValue(value)}`);
    return undefined;
  };
  const label = readLatency(given, amount, problems);
  const implement = text('implement');
  if (implement !== undefined && implement !== 'tensorflow' && implement !== 'torch')
    problems.push(`its implement must be tensorflow or torch, got ${showValue(implement)}`);
  const batchSize = amount('batchsize');
  const facts = {
    id: text('id'),
    mark: text('mark'),
    model: text('model'),
    ...label,
    repeatabilityMs: amount('repeatabilityms'),
    flags: readFlags(given.get('flags')),
    error: readError(given.get('error')),
    backend: text('backend'),
    implement: implement as Implement | undefined,
    batchSize,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { facts: known, ...(problems.length > 0 && { problem: problems.join('; ') }) };
}

function readLatency(
  given: ReadonlyMap<string, unknown>,
  amount: (name: string) => number | undefined,
  problems: string[],
): Pick<StageRow, 'latencyMs' | 'spreadMs'> {
  const spreadMs = amount('spreadms');
  const value = given.get('latencyms') ?? given.get('latency');
  if (value === undefined) return {};
  const read = typeof value === 'number' || typeof value === 'string' ? parseLatency(value) : undefined;
  if (read === undefined || !(read.latencyMs > 0) || !Number.isFinite(read.latencyMs)) {
    problems.push(`its latency must be a positive number of milliseconds, got ${showValue(value)}`);
    return {};
  }
  return { ...(spreadMs !== undefined && { spreadMs }), ...read };
}

function readFlags(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const flags = Array.isArray(value) ? value.map(String) : String(value).split(/[\s,;]+/);
  return flags.filter((flag) => flag !== '');
}

function readError(value: unknown): StageRow['error'] {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null) {
    const { code = 'ERR_UNKNOWN', message = '' } = value as { readonly code?: unknown; readonly message?: unknown };
    return { code: String(code), message: String(message) };
  }
  const [, code = 'ERR_UNKNOWN', message = String(value)] = /^(ERR_\w+): ([\s\S]*)$/.exec(String(value)) ?? [];
  return { code, message };
}

/** Words apart, capital or not: `latency_ms` is `latencyMs`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
