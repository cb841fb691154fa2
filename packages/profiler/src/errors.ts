import { NnmError } from '@nnm/core';

/** The profiling process ended or had to be ended while it worked on a kernel. */
export class WorkerDeathError extends NnmError {
  /** True when another try may end differently: anything but a kernel that never finishes. */
  readonly retryable: boolean;
  /** False when it had not come to this request yet, which therefore is not to blame. */
  readonly started: boolean;
  constructor(details: { death: WorkerDeath; doing: string; started: boolean }, options?: ErrorOptions) {
    super(
      {
        code: details.death.code,
        message: `The profiling process ${details.death.reason} ${details.started ? 'while' : 'before'} ${details.doing}.`,
        hint: 'A build records the kernel as failed and goes on with a new process.',
        details: { ...details.death, doing: details.doing },
      },
      options,
    );
    this.started = details.started;
    this.retryable = details.death.code !== 'ERR_KERNEL_TIMEOUT';
  }
}

/** How a profiling process ended. `reason` completes "The profiling process ...". */
export interface WorkerDeath {
  readonly code: 'ERR_KERNEL_CRASHED' | 'ERR_KERNEL_TIMEOUT' | 'ERR_KERNEL_OUT_OF_MEMORY' | 'ERR_KERNEL_KILLED';
  readonly reason: string;
}

/** The journal of measurements cannot be written: the disk is full, the folder is gone or read-only. */
export class JournalWriteError extends NnmError {
  constructor(details: { file: string; systemCode: string }, options?: ErrorOptions) {
    const why: Record<string, string> = {
      ENOSPC: 'the disk is full',
      EDQUOT: 'the disk quota is used up',
      EROFS: 'the file system is read-only',
      EACCES: 'permission is denied',
      EPERM: 'permission is denied',
      ENOENT: 'its folder does not exist',
      EISDIR: 'a folder has its name',
      REMOVED: 'it was removed meanwhile',
    };
    super(
      {
        code: 'ERR_JOURNAL_WRITE',
        message: `The journal ${details.file} cannot be written: ${why[details.systemCode] ?? details.systemCode}.`,
        hint:
          details.systemCode === 'REMOVED'
            ? 'If the workspace is still wanted, put it back and run the same command again.'
            : 'Make room or give permission, then run the same command again: it carries on after the last complete line.',
        details,
      },
      options,
    );
  }
}

/** A journal that this version of nnm cannot read, or that is not one. */
export class JournalFormatError extends NnmError {
  constructor(details: { file: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_JOURNAL_FORMAT',
        message: `${details.file} cannot be continued: ${details.problem}.`,
        hint: 'Start over with `--fresh`, or move the file away.',
        details,
      },
      options,
    );
  }
}

/** A journal holds latencies of another machine, runtime or thread count: mixing them with new ones would spoil both. */
export class JournalMismatchError extends NnmError {
  constructor(details: { file: string; differences: readonly string[] }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_JOURNAL_MISMATCH',
        message: `${details.file} was measured under other conditions: ${details.differences.join('; ')}.`,
        hint: 'Restore those conditions to carry on, or start over with `--fresh`.',
        details,
      },
      options,
    );
  }
}
