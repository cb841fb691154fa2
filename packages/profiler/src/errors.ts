import { type HostDeath, NnmError } from '@nnm/core';

/** The profiling process ended or had to be ended while it worked on a kernel. */
export class WorkerDeathError extends NnmError {
  /** True when another try may end differently: anything but a kernel that never finishes. */
  readonly retryable: boolean;
  /** False when what it worked on has nothing to do with it: the device was taken away. */
  readonly blamesKernel: boolean;
  /** False when it had not come to this request yet, which therefore is not to blame. */
  readonly started: boolean;
  readonly death: WorkerDeath;
  readonly doing: string;
  constructor(details: { death: WorkerDeath; doing: string; started: boolean }, options?: ErrorOptions) {
    super(
      {
        code: details.death.code,
        message: `${subjectOf(details.death)} ${details.death.reason} ${details.started ? 'while' : 'before'} ${details.doing}.`,
        hint: HINTS[details.death.place ?? 'process'],
        details: { ...details.death, doing: details.doing },
      },
      options,
    );
    this.started = details.started;
    this.death = details.death;
    this.doing = details.doing;
    this.retryable = details.death.code !== 'ERR_KERNEL_TIMEOUT';
    this.blamesKernel = details.death.code !== 'ERR_DEVICE_AWAY';
  }
}

/** Where a runtime ran that ended: in a process of its own, in the caller's, where what hangs can only be left, or on a device. */
type Place = 'process' | 'caller' | 'device';

const SUBJECTS: Readonly<Record<Place, string>> = {
  process: 'The profiling process',
  caller: 'The runtime, which runs in the process of nnm,',
  device: 'The device',
};

const HINTS: Readonly<Record<Place, string>> = {
  process: 'A build records the kernel as failed and goes on with a new process.',
  caller: 'A build records the kernel as failed and goes on with a new process.',
  device: 'A build goes on once the device is there again; a kernel that ends it again and again is recorded as failed.',
};

function subjectOf({ place = 'process' }: WorkerDeath): string {
  return SUBJECTS[place];
}

/** How a measuring host ended. `reason` completes "The profiling process ...". */
export interface WorkerDeath extends HostDeath {
  /** Default: a process of its own. */
  readonly place?: Place;
}

/** What a backend calls its runtime, or a model of it, is none: nothing can be measured with it. */
export class InvalidRuntimeError extends NnmError {
  constructor(details: { problem: string }) {
    super({
      code: 'ERR_INVALID_RUNTIME',
      message: `The runtime of the backend is not what a runtime must be: ${details.problem}.`,
      hint: 'Correct the backend: its runtime, models and tensors are described by `Runtime` and `LoadedModel` of @nnm/core.',
      details,
    });
  }
}

/** A runtime is asked for a profile of its operators and makes none. */
export class NoProfileError extends NnmError {
  constructor(details: { runtime: string }) {
    super({
      code: 'ERR_NO_PROFILE',
      message: `${details.runtime} makes no profile of its operators here.`,
      hint: '`nnm predict` says what its kernels take without one; docs/models.md lists the runtimes that make one.',
      details,
    });
  }
}

/** What a runtime computes on, such as a GPU, was taken away from it; `reason` as the runtime says it. */
export class RuntimeLostError extends NnmError {
  constructor(details: { reason: string }) {
    super({
      code: 'ERR_RUNTIME_LOST',
      message: `The runtime lost what it computes on: ${details.reason.replace(/\.$/, '')}.`,
      hint: 'A GPU is reset when a program on it hangs, or by its driver. A build starts the runtime again and goes on.',
      details,
    });
  }
}

/** The process of a runtime died again and again without having come to a kernel. */
export class RuntimeDeathError extends NnmError {
  constructor(details: { death: WorkerDeath; times: number; doing: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_RUNTIME_DEATH',
        message: `${subjectOf(details.death)} ${details.death.reason} while ${details.doing}${details.times > 1 ? `, ${details.times} times in a row` : ''}.`,
        hint: 'What was measured is kept. `nnm connect` tries the runtime alone; when it works again, the same command carries on.',
        details,
      },
      options,
    );
  }
}

/** A runtime does not finish starting within the time budget. */
export class RuntimeStartTimeoutError extends NnmError {
  constructor(details: { seconds: number }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_RUNTIME_START_TIMEOUT',
        message: `The runtime had not started after ${details.seconds} s, and the time budget is over.`,
        hint: 'What was measured is kept. `nnm connect` tries the runtime alone; a larger budget gives it more time.',
        details,
      },
      options,
    );
  }
}

/** The first kernels of a run all failed for one reason, and so would the others. */
export class KernelsFailAlikeError extends NnmError {
  /** True when they did not finish in time: then the runtime itself is likely to hang. */
  readonly hang: boolean;
  constructor(
    details: { failure: { code: string; message: string; count: number; ids: readonly string[] }; left: number },
    options?: ErrorOptions,
  ) {
    const { failure, left } = details;
    const others = left > 0 ? ` and ${left} others were not tried` : '';
    super(
      {
        code: 'ERR_KERNELS_FAIL_ALIKE',
        message: `The first ${failure.count} kernels all failed for the same reason${others}: ${failure.message} [${failure.code}]`,
        hint: 'Correct the reason and run the same command again: it tries them once more. `nnm connect` tries the runtime alone.',
        details,
      },
      options,
    );
    this.hang = isHang(failure.code);
  }
}

/** Whether a failure's code says that something did not come to an end. */
export function isHang(code: string): boolean {
  return code === 'ERR_KERNEL_TIMEOUT' || code === 'ERR_CONVERSION_TIMEOUT';
}

/** A backend does not finish converting a kernel. */
export class ConversionTimeoutError extends NnmError {
  constructor(details: { seconds: number }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_CONVERSION_TIMEOUT',
        message: `The backend did not finish converting the kernel within ${details.seconds} s.`,
        hint: 'A build records the kernel as failed and goes on.',
        details,
      },
      options,
    );
  }
}

/** A runtime's clock says something that cannot be the time. `problem` completes "The clock of the runtime ...". */
export class RuntimeClockError extends NnmError {
  constructor(details: { problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_RUNTIME_CLOCK',
        message: `The clock of the runtime ${details.problem}.`,
        hint: "Correct the runtime's `now`: it returns milliseconds that grow while a model runs. Without `now` this process's own clock is used.",
        details,
      },
      options,
    );
  }
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
  constructor(details: { file: string; problem: string; foreign?: boolean }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_JOURNAL_FORMAT',
        message: `${details.file} cannot be continued: ${details.problem}.`,
        hint: details.foreign
          ? 'Move the file away: nnm does not replace what it did not write.'
          : 'Start over with `--fresh`, or move the file away.',
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
