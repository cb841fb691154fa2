import { type HostDeath, type HostTransport, NnmError } from '@nnm/core';
import { type WorkerDeath, WorkerDeathError } from '../errors.ts';
import type { Timers } from '../timers.ts';
import {
  parseAnswer,
  parseReply,
  type WorkerAnswers,
  type WorkerErrorData,
  type WorkerMessage,
  type WorkerRequest,
} from './worker-protocol.ts';

/** How long closing a runtime may take before its host is ended. */
const CLOSE_PATIENCE_MS = 2000;

interface PendingRequest {
  readonly type: WorkerRequest['type'];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly doing: string;
  readonly timeoutMs: number;
}

/**
 * Requests to a host that may die at any moment, by whatever carries them. It answers them in order; a request may be sent while others
 * wait, and its time limit starts when its turn comes.
 */
export class RequestChannel {
  private readonly pending: PendingRequest[] = [];
  private cancelLimit: () => void = () => undefined;
  private carrier: HostTransport | undefined;

  /**
   * @param timeoutMs - longest that a request may take before the host is ended
   * @param place - where the host runs, for words about its death
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly timers: Timers,
    private readonly place: NonNullable<WorkerDeath['place']>,
  ) {}

  /** Ask by this transport, which has been given this channel as its listener. */
  use(transport: HostTransport): void {
    this.carrier = transport;
  }

  private get transport(): HostTransport {
    return this.carrier!;
  }

  ask<T extends WorkerRequest['type']>(
    request: WorkerRequest & { type: T },
    doing: string,
    model?: Uint8Array,
    timeoutMs = this.timeoutMs,
  ): Promise<WorkerAnswers[T]> {
    return new Promise<WorkerAnswers[T]>((resolve, reject) => {
      if (this.transport.hasEnded) {
        reject(this.deathError({ code: 'ERR_KERNEL_CRASHED', reason: 'had already ended' }, doing, false));
        return;
      }
      this.pending.push({ type: request.type, resolve: (value) => resolve(value as WorkerAnswers[T]), reject, doing, timeoutMs });
      if (this.pending.length === 1) this.limitTime(timeoutMs);
      const message: WorkerMessage = { request, ...(model !== undefined && { modelBytes: model.byteLength }) };
      this.transport.send(message, model);
    });
  }

  /** Ask the host to close its runtime, then make sure that it is gone. */
  async close(): Promise<void> {
    if (!this.transport.hasEnded) {
      // Whether closing worked makes no difference: the next step ends the host either way.
      await this.ask({ type: 'close' }, 'closing the runtime', undefined, CLOSE_PATIENCE_MS).catch((error: unknown) => error);
    }
    await this.end();
  }

  async end(): Promise<void> {
    if (!this.transport.hasEnded) this.transport.kill();
    await this.transport.ended;
  }

  /** A reply has come. */
  settle(message: unknown): void {
    this.cancelLimit();
    const request = this.pending.shift();
    const next = this.pending[0];
    if (next !== undefined) this.limitTime(next.timeoutMs);
    if (request === undefined) return;
    try {
      const reply = parseReply(message);
      if (reply.ok) request.resolve(parseAnswer(request.type, reply.value));
      else request.reject(reviveError(reply.error));
    } catch (error) {
      request.reject(error as Error);
    }
  }

  /** The host has died. */
  die(death: HostDeath): void {
    this.cancelLimit();
    for (const [index, { reject, doing }] of this.pending.splice(0).entries()) reject(this.deathError(death, doing, index === 0));
  }

  private limitTime(ms: number): void {
    this.cancelLimit();
    this.cancelLimit = this.timers.after(ms, () => {
      this.transport.kill({ code: 'ERR_KERNEL_TIMEOUT', reason: `did not finish within ${ms / 1000} s and was stopped` });
    });
  }

  private deathError(death: HostDeath, doing: string, started: boolean): WorkerDeathError {
    return new WorkerDeathError({ death: { ...death, place: this.place }, doing, started });
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
