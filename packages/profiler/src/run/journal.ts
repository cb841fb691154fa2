import type { Environment } from '../environment.ts';
import { JournalFormatError } from '../errors.ts';
import type { ProfileRecord, Visit } from '../types.ts';

/** The journal format this version writes and reads. */
export const JOURNAL_SCHEMA_VERSION = 1;

/** One line of a journal. */
export type JournalLine =
  | { readonly type: 'header'; readonly kind: 'nnm-profile'; readonly schemaVersion: number }
  /** A session began: what follows was measured in it. */
  | { readonly type: 'session'; readonly at: string; readonly environment: Environment }
  | { readonly type: 'visit'; readonly id: string; readonly visit: Visit }
  | { readonly type: 'crash'; readonly id: string; readonly reason: string }
  | { readonly type: 'record'; readonly record: ProfileRecord };

/** What a journal knows, by job id. */
export interface JournalContent {
  readonly environment: Environment | undefined;
  readonly records: ReadonlyMap<string, ProfileRecord>;
  readonly visits: ReadonlyMap<string, readonly Visit[]>;
  readonly crashes: ReadonlyMap<string, number>;
  /** Length of the sound part, in bytes; what follows is a torn last line. */
  readonly soundBytes: number;
  /** Lines in the middle that are not readable; their measurements are lost, no others. */
  readonly damagedLines: number;
}

const LINE_END = 0x0a;

/** NaN, which a visit without a reference holds, survives as null. */
export function formatJournalLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Read a journal's bytes. A last line without its line end was being written when the process died: it is not counted.
 *
 * @param bytes - positions count in them, whatever text they hold: a damaged line need not even be UTF-8
 * @param file - named in errors
 * @throws {@link JournalFormatError} when it is not a journal, or one of another version
 */
export function parseJournal(bytes: Uint8Array, file: string): JournalContent {
  const soundBytes = bytes.lastIndexOf(LINE_END) + 1;
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, soundBytes).toString('utf8').split('\n').slice(0, -1);
  const records = new Map<string, ProfileRecord>();
  const visits = new Map<string, Visit[]>();
  const crashes = new Map<string, number>();
  let environment: Environment | undefined;
  let damagedLines = 0;
  lines.forEach((text, index) => {
    const line = parseLine(text);
    if (index === 0) assertHeader(line, file);
    if (line === undefined) damagedLines++;
    else if (line.type === 'session') environment = line.environment;
    else if (line.type === 'record') records.set(line.record.id, line.record);
    else if (line.type === 'crash') crashes.set(line.id, (crashes.get(line.id) ?? 0) + 1);
    else if (line.type === 'visit') {
      const earlier = visits.get(line.id) ?? [];
      visits.set(line.id, [...earlier, reviveVisit(line.visit)]);
    }
  });
  return { environment, records, visits, crashes, soundBytes, damagedLines };
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJournalLine(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Whether what this module and the measuring rely on is there; a line of another shape counts as damaged. */
function isJournalLine(value: unknown): value is JournalLine {
  if (!isObject(value)) return false;
  switch (value.type) {
    case 'header':
      return true;
    case 'session':
      return isObject(value.environment);
    case 'visit': {
      const { id, visit } = value;
      return typeof id === 'string' && isObject(visit) && Array.isArray(visit.slices) && visit.slices.every(isObject);
    }
    case 'crash':
      return typeof value.id === 'string';
    case 'record':
      return isObject(value.record) && typeof value.record.id === 'string' && typeof value.record.status === 'string';
    default:
      return false;
  }
}

function assertHeader(line: JournalLine | undefined, file: string): void {
  if (line?.type !== 'header' || line.kind !== 'nnm-profile') {
    throw new JournalFormatError({ file, problem: 'it is not a journal of measurements' });
  }
  if (line.schemaVersion !== JOURNAL_SCHEMA_VERSION) {
    const problem = `it has schema version ${line.schemaVersion} and this nnm writes version ${JOURNAL_SCHEMA_VERSION}`;
    throw new JournalFormatError({ file, problem });
  }
}

function reviveVisit(visit: Visit): Visit {
  const number = (value: number | null): number => value ?? Number.NaN;
  return {
    firstProbeMs: number(visit.firstProbeMs),
    slices: visit.slices.map((slice) => ({ ...slice, probeMs: number(slice.probeMs), cpuShare: number(slice.cpuShare) })),
  };
}
