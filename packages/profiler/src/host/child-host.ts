import { type ChildProcess, fork } from 'node:child_process';
import { NnmError, type RuntimeInfo } from '@nnm/core';
import { WorkerDeathError } from '../errors.ts';
import type { RuntimeHost } from './runtime-host.ts';
import { describeDeath } from './worker-death.ts';
import { locateWorker } from './worker-location.ts';
import type { WorkerAnswers, WorkerErrorData, WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts';

const STDERR_KEPT = 4000;

/** A runtime in a child process. After a {@link WorkerDeathError} it is dead: close it and start another. */
export interface ChildHost extends RuntimeHost {
  readonly pid: number;
  /** Memory of the child once the runtime was started, bytes. */
  readonly startRssBytes: number;
  /** End the child at once, whatever it does; all requests are rejected. */
  kill(): void;
}

/**
 * Start a backend's runtime in a child process.
 *
 * @param timeoutMs - longest a request may take before the child is killed
 * @throws what the runtime's factory threw, with its code and hint; {@link WorkerDeathError} when the child dies
 */
export async function startChildHost(
  runtime: URL,
  settings: unknown,
  reference: Uint8Array | undefined,
  timeoutMs: number,
): Promise<ChildHost> {
  const program = locateWorker(runtime);
  const child = fork(program.file, [], {
    execArgv: [...program.execArgv],
    serialization: 'advanced',
    // A native library that prints must not spoil the caller's output; what it says last explains a crash.
    stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
  });
  const requests = new RequestChannel(child, timeoutMs);
  const started: WorkerAnswers['start'] = await requests
    .ask({ type: 'start', runtime: runtime.href, settings }, 'starting the runtime', reference)
    .catch(async (error: unknown) => {
      await requests.end();
      throw error;
    });
  const info: RuntimeInfo = started.info;
  return {
    info,
    pid: child.pid!,
    startRssBytes: started.rssBytes,
    visit: ({ model, ...delivery }, plan) => requests.ask({ type: 'visit', delivery, plan }, 'measuring the kernel', model),
    probe: (durationMs, plan) => requests.ask({ type: 'probe', durationMs, plan }, 'running the reference'),
    execute: (model, inputs) => requests.ask({ type: 'execute', inputs }, 'running the model', model),
    kill: () => void child.kill('SIGKILL'),
    close: () => requests.close(),
  };
}

/** How long closing a runtime may take before its process is killed. */
const CLOSE_PATIENCE_MS = 2000;

interface PendingRequest {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly doing: string;
  readonly timeoutMs: number;
}

/**
 * Requests to a child that may die at any moment. It answers them in order; a request may be sent while others wait, and its
 * time limit starts when its turn comes.
 */
class RequestChannel {
  private stderr = '';
  private readonly pending: PendingRequest[] = [];
  private timer: NodeJS.Timeout | undefined;
  private timedOut = false;
  private readonly exited: Promise<void>;
  private ended = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly timeoutMs: number,
  ) {
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    child.on('message', (reply: WorkerReply) => this.settle(reply));
    // A child that dies before it has read its model breaks the pipe; its `close` event rejects the request.
    child.stdin?.on('error', () => undefined);
    // `close` comes after the pipes are read to their end, so stderr is complete.
    this.exited = new Promise((resolve) => {
      const finish = (exitCode: number | null, signal: string | null): void => {
        this.die(exitCode, signal);
        resolve();
      };
      child.on('close', finish);
      child.on('error', (error) => {
        this.stderr += error.message;
        // A child that could not be started at all never closes.
        if (child.pid === undefined) finish(null, null);
      });
    });
  }

  ask<T extends WorkerRequest['type']>(
    request: WorkerRequest & { type: T },
    doing: string,
    model?: Uint8Array,
    timeoutMs = this.timeoutMs,
  ): Promise<WorkerAnswers[T]> {
    return new Promise<WorkerAnswers[T]>((resolve, reject) => {
      if (this.ended) {
        reject(new WorkerDeathError({ death: { code: 'ERR_KERNEL_CRASHED', reason: 'had already ended' }, doing, started: false }));
        return;
      }
      this.pending.push({ resolve: (value) => resolve(value as WorkerAnswers[T]), reject, doing, timeoutMs });
      if (this.pending.length === 1) this.limitTime();
      const message: WorkerMessage = { request, ...(model !== undefined && { modelBytes: model.byteLength }) };
      // A failed send means that the child is gone; its `close` event rejects the request.
      this.child.send(message, () => undefined);
      if (model !== undefined) this.child.stdin?.write(model);
    });
  }

  /** Ask the child to close its runtime, then make sure that it is gone. */
  async close(): Promise<void> {
    if (!this.ended) {
      // Whether closing worked makes no difference: the next step ends the child either way.
      await this.ask({ type: 'close' }, 'closing the runtime', undefined, CLOSE_PATIENCE_MS).catch((error: unknown) => error);
    }
    await this.end();
  }

  async end(): Promise<void> {
    if (!this.ended) this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Start the time limit of the request that the child is working on. */
  private limitTime(): void {
    this.timer = setTimeout(() => {
      this.timedOut = true;
      this.child.kill('SIGKILL');
    }, this.pending[0]!.timeoutMs);
  }

  private settle(reply: WorkerReply): void {
    clearTimeout(this.timer);
    const request = this.pending.shift();
    if (this.pending.length > 0) this.limitTime();
    if (reply.ok) request?.resolve(reply.value);
    else request?.reject(reviveError(reply.error));
  }

  private die(exitCode: number | null, signal: string | null): void {
    this.ended = true;
    clearTimeout(this.timer);
    const death = this.timedOut
      ? ({ code: 'ERR_KERNEL_TIMEOUT', reason: `did not finish within ${this.timeoutMs / 1000} s and was stopped` } as const)
      : describeDeath({ exitCode, signal, stderr: this.stderr });
    for (const [index, { reject, doing }] of this.pending.splice(0).entries()) {
      reject(new WorkerDeathError({ death, doing, started: index === 0 }));
    }
  }
}

function reviveError(data: WorkerErrorData): Error {
  return new NnmError({
    code: data.code as `ERR_${string}`,
    message: data.message,
    ...(data.hint !== undefined && { hint: data.hint }),
    ...(data.stack !== undefined && { details: { workerStack: data.stack } }),
  });
}
