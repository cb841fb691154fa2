import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AbortedError, NnmError } from '@nnm/core';
import { describeDeath } from '@nnm/profiler';
import type { CheckReport } from './check-plugin.ts';
import type { CheckSource } from './check-source.ts';
import type { CheckMessage, CheckRequest } from './check-worker.ts';

const STDERR_KEPT = 4000;

/** What a check in another process is given besides the plugin. */
export interface ChildCheckOptions {
  /** Ids of the backends that the plugin's kernels are run on, besides the float64 reference. Default: none. */
  readonly backends?: readonly string[];
  /** Called after each case. */
  readonly onCase?: (name: string, failed: boolean) => void;
  /** Longest a single case may take, milliseconds. Default: two minutes. */
  readonly timeoutMs?: number;
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
  const { backends = [], onCase, timeoutMs = 120_000, signal } = options;
  const { file, execArgv } = locateWorker();
  const child = fork(file, [], { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], ...(signal && { signal }) });
  const reports: CheckReport[] = [];
  let current: Extract<CheckMessage, { type: 'begin' }> | undefined;
  let tried = 0;
  let failures: CheckReport['failures'] = [];
  let stderr = '';
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  const restartTimer = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
  };
  restartTimer();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });

  return new Promise((resolve, reject) => {
    child.on('message', (message: CheckMessage) => {
      restartTimer();
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
        child.kill('SIGKILL');
      }
    });
    child.on('error', (error) => reject(signal?.aborted ? new AbortedError({ what: 'The check' }, { cause: error }) : error));
    // After `done` or an error this settles nothing more.
    child.on('close', (exitCode, killedBy) => {
      clearTimeout(timer);
      const { code, reason } = timedOut
        ? { code: 'ERR_KERNEL_TIMEOUT', reason: `did not finish within ${timeoutMs / 1000} s and was stopped` }
        : describeDeath({ exitCode, signal: killedBy, stderr });
      const message = `The process in which it was tried ${reason}.`;
      if (current === undefined) return reject(new NnmError({ code: code as `ERR_${string}`, message, hint: 'Correct the plugin.' }));
      const { kind, id, name, cases } = current;
      const left = cases - tried - 1;
      const notes = left > 0 ? [`not tried after that: ${left} further requirements`] : [];
      resolve([...reports, { kind, id, cases: tried + 1, failures: [...failures, { name, code, message }], notes }]);
    });
    child.send({ source, backends } satisfies CheckRequest);
  });
}

/** From sources the worker is the file beside this one; built, this code may sit in any chunk, so the package's exports say. */
function locateWorker(): { readonly file: string; readonly execArgv: readonly string[] } {
  const require = createRequire(import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return { file: require.resolve('@nnm/cli/check-worker'), execArgv: [] };
  const loader = pathToFileURL(require.resolve('tsx')).href;
  return { file: fileURLToPath(new URL('./check-worker.ts', import.meta.url)), execArgv: ['--import', loader, '--conditions=@nnm/source'] };
}
