import { NnmError } from '@nnm/core';
import { type WorkerDeath, WorkerDeathError } from '../errors.ts';
import type { Timers } from '../timers.ts';
import { ChildProgram } from './child-program.ts';
import type { RuntimeHost } from './runtime-host.ts';
import { locateWorker } from './worker-location.ts';
import {
  parseAnswer,
  parseReply,
  type WorkerAnswers,
  type WorkerErrorData,
  type WorkerMessage,
  type WorkerRequest,
} from './worker-protocol.ts';

/** A runtime in a child process. After a {@link WorkerDeathError} it is dead: close it and start another. */
export interface ChildHost extends RuntimeHost {
  readonly pid: number;
  /** Memory that the child has taken since its runtime was started, bytes, as of its last visit. */
  readonly grownBytes: number;
  /** End the child at once, whatever it does; all requests are rejected. */
  kill(): void;
}

/** A child whose runtime is starting: it can be ended before it has. */
export interface StartingChildHost {
  /** @throws what the runtime's factory threw, with its code and hint; {@link WorkerDeathError} when the child dies */
  readonly host: Promise<ChildHost>;
  kill(): void;
}

/**
 * Start a backend's runtime in a child process.
 *
 * @param timeoutMs - longest a request may take before the child is killed
 */
export function startChildHost(
  runtime: URL,
  settings: unknown,
  reference: Uint8Array | undefined,
  timeoutMs: number,
  timers: Timers,
): StartingChildHost {
  const requests = new RequestChannel(runtime, timeoutMs, timers);
  const start = async (): Promise<ChildHost> => {
    const started = await requests.ask({ type: 'start', runtime: runtime.href, settings }, 'starting the runtime', reference);
    let rssBytes = started.rssBytes;
    return {
      info: started.info,
      clock: started.clock,
      notGated: started.notGated,
      pid: requests.child.pid,
      get grownBytes() {
        return rssBytes - started.rssBytes;
      },
      async visit({ model, ...delivery }, plan) {
        const answer = await requests.ask({ type: 'visit', delivery, plan }, 'measuring the kernel', model);
        rssBytes = answer.rssBytes;
        return answer;
      },
      probe: (durationMs, plan) => requests.ask({ type: 'probe', durationMs, plan }, 'running the reference'),
      execute: (model, inputs) => requests.ask({ type: 'execute', inputs }, 'running the model', model),
      kill: () => requests.child.kill(),
      close: () => requests.close(),
    };
  };
  const host = start().catch(async (error: unknown) => {
    await requests.end();
    throw error;
  });
  return { host, kill: () => requests.child.kill() };
}

/** How long closing a runtime may take before its process is killed. */
const CLOSE_PATIENCE_MS = 2000;

interface PendingRequest {
  readonly type: WorkerRequest['type'];
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
  private readonly pending: PendingRequest[] = [];
  readonly child: ChildProgram;

  constructor(
    runtime: URL,
    private readonly timeoutMs: number,
    timers: Timers,
  ) {
    this.child = new ChildProgram(
      locateWorker(runtime),
      { message: (message) => this.settle(message), end: (death) => this.die(death) },
      { serialization: 'advanced', takesBytes: true, timers },
    );
  }

  ask<T extends WorkerRequest['type']>(
    request: WorkerRequest & { type: T },
    doing: string,
    model?: Uint8Array,
    timeoutMs = this.timeoutMs,
  ): Promise<WorkerAnswers[T]> {
    return new Promise<WorkerAnswers[T]>((resolve, reject) => {
      if (this.child.hasEnded) {
        reject(new WorkerDeathError({ death: { code: 'ERR_KERNEL_CRASHED', reason: 'had already ended' }, doing, started: false }));
        return;
      }
      this.pending.push({ type: request.type, resolve: (value) => resolve(value as WorkerAnswers[T]), reject, doing, timeoutMs });
      if (this.pending.length === 1) this.child.limitTime(timeoutMs);
      const message: WorkerMessage = { request, ...(model !== undefined && { modelBytes: model.byteLength }) };
      this.child.send(message, model);
    });
  }

  /** Ask the child to close its runtime, then make sure that it is gone. */
  async close(): Promise<void> {
    if (!this.child.hasEnded) {
      // Whether closing worked makes no difference: the next step ends the child either way.
      await this.ask({ type: 'close' }, 'closing the runtime', undefined, CLOSE_PATIENCE_MS).catch((error: unknown) => error);
    }
    await this.end();
  }

  async end(): Promise<void> {
    if (!this.child.hasEnded) this.child.kill();
    await this.child.ended;
  }

  private settle(message: unknown): void {
    this.child.stopTime();
    const request = this.pending.shift();
    const next = this.pending[0];
    if (next !== undefined) this.child.limitTime(next.timeoutMs);
    if (request === undefined) return;
    try {
      const reply = parseReply(message);
      if (reply.ok) request.resolve(parseAnswer(request.type, reply.value));
      else request.reject(reviveError(reply.error));
    } catch (error) {
      request.reject(error as Error);
    }
  }

  private die(death: WorkerDeath): void {
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
