import { AbortedError, NnmError } from '@nnm/core';
import { ChildProgram, locateOwnProgram, type WorkerDeath } from '@nnm/profiler';
import { checkMessageSchema } from './check-message.ts';
import type { CheckReport } from './check-plugin.ts';
import type { CheckSource } from './check-source.ts';
import type { CheckMessage, CheckRequest } from './check-worker.ts';

/** What a check in another process is given besides the plugin. */
export interface ChildCheckOptions {
  /** Ids of the backends that the plugin's kernels are run on, besides the float64 reference. Default: none. */
  readonly backends?: readonly string[];
  /** Called after each case. */
  readonly onCase?: (name: string, failed: boolean) => void;
  /** Longest a single case may take, milliseconds. Default: two minutes. */
  readonly timeoutMs?: number;
  /** The word of this run on whether code of folders may run. */
  readonly trust?: boolean | undefined;
  /** Stops the check. */
  readonly signal?: AbortSignal;
}

/**
 * Run the contract suites over a plugin in a process of its own. A case that crashes or never returns fails with what the
 * system says; the requirements behind it are not tried, and counted as such.
 *
 * @throws what keeps the plugin from being loaded there
 */
export function checkInChild(source: CheckSource, options: ChildCheckOptions = {}): Promise<readonly CheckReport[]> {
  const { backends = [], onCase, timeoutMs = 120_000, signal, trust } = options;
  const reports: CheckReport[] = [];
  let current: Extract<CheckMessage, { type: 'begin' }> | undefined;
  let tried = 0;
  let failures: CheckReport['failures'] = [];

  return new Promise((resolve, reject) => {
    const hear = (message: CheckMessage): void => {
      child.limitTime(timeoutMs);
      if (message.type === 'begin') {
        current = message;
      } else if (message.type === 'end') {
        tried++;
        if (message.failure) failures = [...failures, message.failure];
        if (current) onCase?.(current.name, message.failure !== undefined);
      } else if (message.type === 'report') {
        reports.push(message.report);
        current = undefined;
        tried = 0;
        failures = [];
      } else {
        if (message.type === 'done') resolve(reports);
        else reject(new NnmError({ ...message, code: message.code as `ERR_${string}` }));
        child.kill();
      }
    };
    // After `done` or an error this settles nothing more.
    const end = ({ code, reason }: WorkerDeath): void => {
      signal?.removeEventListener('abort', abort);
      const message = `The process in which it was tried ${reason}.`;
      if (current === undefined) {
        reject(new NnmError({ code, message, hint: 'Correct the plugin.' }));
        return;
      }
      const { kind, id, name, cases } = current;
      const left = cases - tried - 1;
      const notes = left > 0 ? [`not tried after that: ${left} further requirements`] : [];
      resolve([...reports, { kind, id, cases: tried + 1, failures: [...failures, { name, code, message }], notes }]);
    };
    const child = new ChildProgram(locateOwnProgram(import.meta.url, './check-worker.ts', '@nnm/cli/check-worker'), {
      message: (message) => {
        const checked = checkMessageSchema.safeParse(message);
        // A plugin under test can send whatever it likes; what is not a report says nothing.
        if (checked.success) hear(checked.data as CheckMessage);
      },
      end,
    });
    const abort = (): void => {
      reject(new AbortedError({ what: 'The check' }, { cause: signal?.reason }));
      child.kill();
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    child.limitTime(timeoutMs);
    child.send({ source, backends, trust } satisfies CheckRequest);
  });
}
