import { NnmError } from '@nnm/core';
import { isHang } from '../errors.ts';
import type { FailedRecord, FailureGroup } from '../types.ts';

const IDS_KEPT = 3;

/** What a failed record says of what was thrown. */
export function failureOf(error: unknown): FailedRecord['error'] {
  if (NnmError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: 'ERR_RUNTIME_FAILURE', message: error instanceof Error ? error.message : String(error) };
}

/**
 * What is the same in the failures of different kernels: the code, and the message without what names the one kernel, which
 * are numbers and what stands in quotation marks.
 */
export function failureReason({ code, message }: FailedRecord['error']): string {
  return `${code} ${message.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"').replaceAll(/\d+(\.\d+)?/g, '0')}`;
}

/** Failures by reason, the most frequent first. */
export function groupFailures(failures: readonly Pick<FailedRecord, 'id' | 'error'>[]): readonly FailureGroup[] {
  const groups = new Map<string, { code: string; message: string; count: number; ids: string[] }>();
  for (const { id, error } of failures) {
    const reason = failureReason(error);
    const group = groups.get(reason) ?? { ...error, count: 0, ids: [] };
    groups.set(reason, group);
    group.count++;
    if (group.ids.length < IDS_KEPT) group.ids.push(id);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Reasons with their counts as one line: `12 failed: No such op. [ERR_CONVERSION] (10); …`. Empty without failures. */
export function describeFailures(failures: readonly Pick<FailedRecord, 'id' | 'error'>[], most = 3): string {
  if (failures.length === 0) return '';
  const groups = groupFailures(failures);
  const reasons = groups.slice(0, most).map(({ code, message, count }) => `${message} [${code}]${groups.length > 1 ? ` (${count})` : ''}`);
  const more = groups.length > most ? `; ${groups.length - most} further reasons` : '';
  return `${failures.length} failed: ${reasons.join('; ')}${more}`;
}

/** How many kernels that fail alike, and nothing else, end a run. */
export interface AlikeLimits {
  readonly stopAfterAlike: number;
  readonly stopAfterHangs: number;
}

/**
 * Watches the first kernels of a run: when all of them fail for the same reason, so will the others.
 *
 * @example const group = watch.add(failedRecord); // a group once there are enough of them
 */
export class FirstFailures {
  private readonly failures: FailedRecord[] = [];
  private over = false;

  constructor(private readonly limits: AlikeLimits) {}

  /** A kernel was measured: the runtime works, and whatever fails from now on is the kernel's own fault. */
  addSuccess(): void {
    this.over = true;
  }

  /** @returns what they all fail for, once there are enough of them */
  add(record: FailedRecord): FailureGroup | undefined {
    if (this.over) return undefined;
    this.failures.push(record);
    const groups = groupFailures(this.failures);
    if (groups.length > 1) {
      this.over = true;
      return undefined;
    }
    const limit = isHang(record.error.code) ? this.limits.stopAfterHangs : this.limits.stopAfterAlike;
    return limit > 0 && this.failures.length >= limit ? groups[0] : undefined;
  }
}
