import type { Environment } from '../environment.ts';
import { JournalFormatError } from '../errors.ts';
import type { ProfileRecord, Visit } from '../types.ts';
import { JOURNAL_SCHEMA_VERSION, type JournalLine, type MeasurementOrigin } from './journal-line.ts';
import { checkJournalLine } from './journal-schema.ts';

/** The first line of every journal. */
export const JOURNAL_HEADER = { type: 'header', kind: 'nnm-profile', schemaVersion: JOURNAL_SCHEMA_VERSION } as const;

/** What a journal holds of one kernel as it was at one time. */
export interface Measurements {
  /** What was measured; undefined from before that was kept. */
  readonly hash: string | undefined;
  /** Those that were probed by the latest reference: they cannot be judged together with others. */
  readonly visits: readonly Visit[];
  /** Which reference that was; undefined when nothing says. */
  readonly reference: string | undefined;
  /** How often it has killed its process since its last record. */
  readonly crashes: number;
  /** Work on it has begun in a process that did not come to say more. */
  readonly begun: boolean;
  readonly record: ProfileRecord | undefined;
}

/** What a journal knows. */
export interface JournalContent {
  /** Conditions of the last session; undefined when no line says. */
  readonly environment: Environment | undefined;
  /** Where the measurements of the last session come from; undefined when this machine made them itself. */
  readonly origin: MeasurementOrigin | undefined;
  /** By job id: what was measured under it, the latest last. */
  readonly kernels: ReadonlyMap<string, readonly Measurements[]>;
  /** Length of the sound part, in bytes; what follows is a torn last line. */
  readonly soundBytes: number;
  /** The sound part ends without a line end. */
  readonly endsMidLine: boolean;
  /** Lines that are not readable or hold what cannot be; their measurements are lost, no others. */
  readonly damagedLines: number;
  /** The first of them: number, counted from 1, and problem. */
  readonly firstDamage: { readonly line: number; readonly problem: string } | undefined;
}

/** NaN, which a visit without a reference holds, survives as null. */
export function formatJournalLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

const LINE_END = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Read a journal. A last line that is not whole was being written when the process died: it is not counted.
 *
 * @param bytes - positions count in them, whatever text they hold: a damaged line need not even be UTF-8
 * @param file - named in errors
 * @throws {@link JournalFormatError} when it is not a journal, or one of another version
 */
export function parseJournal(bytes: Uint8Array, file: string): JournalContent {
  const kernels = new Map<string, MutableMeasurements[]>();
  let environment: Environment | undefined;
  let reference: string | undefined;
  let origin: MeasurementOrigin | undefined;
  let damagedLines = 0;
  let firstDamage: JournalContent['firstDamage'];
  let lineNumber = 0;
  let from = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
  let soundBytes = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_END, from);
    const text = bytes.subarray(from, end === -1 ? bytes.length : end);
    const checked = checkJournalLine(text);
    // A line that was being written when its process died; one that only lacks its line end is whole.
    if (end === -1 && 'problem' in checked) {
      if (lineNumber === 0 && !isTornHeader(text)) assertHeader(undefined, file);
      break;
    }
    from = end === -1 ? bytes.length : end + 1;
    soundBytes = from;
    lineNumber++;
    if (lineNumber === 1) assertHeader('line' in checked ? checked.line : undefined, file);
    if ('problem' in checked) {
      if (isBlank(text)) continue;
      damagedLines++;
      firstDamage ??= { line: lineNumber, problem: checked.problem };
    } else if (checked.line.type === 'session') ({ environment, reference, origin } = checked.line);
    else addLine(kernels, checked.line, reference);
  }
  const endsMidLine = soundBytes > 0 && bytes[soundBytes - 1] !== LINE_END;
  return { environment, origin, kernels, soundBytes, endsMidLine, damagedLines, firstDamage };
}

/** The sound lines of a journal in the order in which they were written; those that are damaged or torn are left out. */
export function* journalLines(bytes: Uint8Array): Generator<JournalLine, void> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LINE_END, from);
    const checked = checkJournalLine(bytes.subarray(from, end === -1 ? bytes.length : end));
    if ('line' in checked) yield checked.line;
    from = end === -1 ? bytes.length : end + 1;
  }
}

/** What a journal holds of a kernel, if it is what the kernel is now. */
export function measurementsOf(
  content: JournalContent | undefined,
  { id, hash }: { readonly id: string; readonly hash: string },
): Measurements | undefined {
  return content?.kernels.get(id)?.find((measured) => measured.hash === hash);
}

/** @throws {@link JournalFormatError} when a file that is to be forgotten is no journal of any version: nobody meant to lose it */
export function assertJournal(bytes: Uint8Array, file: string): void {
  const end = bytes.indexOf(LINE_END);
  const text = Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString();
  if (end === -1 ? !isTornHeader(bytes) : !/"kind":\s*"nnm-profile"/.test(text)) assertHeader(undefined, file);
}

interface MutableMeasurements {
  readonly hash: string | undefined;
  visits: Visit[];
  reference: string | undefined;
  crashes: number;
  begun: boolean;
  record: ProfileRecord | undefined;
}

function addLine(kernels: Map<string, MutableMeasurements[]>, line: JournalLine, reference: string | undefined): void {
  if (line.type === 'header' || line.type === 'session') return;
  const { id, hash } = line.type === 'record' ? line.record : line;
  const all = kernels.get(id) ?? [];
  kernels.set(id, all);
  const place = all.findIndex((measured) => measured.hash === hash);
  const measured = place === -1 ? { hash, visits: [], reference, crashes: 0, begun: false, record: undefined } : all.splice(place, 1)[0]!;
  all.push(measured);
  measured.begun = line.type === 'begun';
  if (line.type === 'visit') {
    if (measured.reference !== reference) measured.visits = [];
    measured.reference = reference;
    measured.visits.push(line.visit);
  } else if (line.type === 'crash') measured.crashes++;
  else if (line.type === 'record') {
    measured.record = line.record;
    measured.crashes = 0;
  }
}

function assertHeader(line: JournalLine | undefined, file: string): void {
  if (line?.type !== 'header' || line.kind !== 'nnm-profile') {
    throw new JournalFormatError({ file, problem: 'it is not a journal of measurements', foreign: true });
  }
  if (line.schemaVersion !== JOURNAL_SCHEMA_VERSION) {
    const problem = `it has schema version ${line.schemaVersion} and this nnm writes version ${JOURNAL_SCHEMA_VERSION}`;
    throw new JournalFormatError({ file, problem });
  }
}

/** Whether a journal that has only just been begun can look like this. */
function isTornHeader(text: Uint8Array): boolean {
  const header = Buffer.from(formatJournalLine(JOURNAL_HEADER));
  return header.subarray(0, text.length).equals(text);
}

function isBlank(text: Uint8Array): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
