import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyBackend, NnmError } from '@nnm/core';
import { DEFAULT_POLICY, type MeasureJobs, openProfilerSession, profileInTime } from '@nnm/profiler';
import { type Job, Worker } from 'bullmq';
import { FleetClassError } from '../errors.ts';
import { type ChunkJob, KEYS, QUEUE_PREFIX, queueName } from '../protocol.ts';
import { connectQueue, explainRefusal, type QueueConnection } from '../redis/connect.ts';
import { classOf, type DeviceClass } from '../roll/device-class.ts';
import { announce, strike } from '../roll/roll.ts';
import type { WorkerState } from '../roll/worker-state.ts';
import { assertWelcome, checkDevice, neighbourNotes } from './join-checks.ts';
import { runChunk } from './run-chunk.ts';

/** How a worker works. */
export interface WorkerOptions {
  /** Address of a Redis or Valkey, such as `redis://user:password@host:6379`. */
  readonly url: string;
  readonly backend: AnyBackend;
  /** What the backend's `parseSettings` returned: it measures with these, whatever a build says. */
  readonly settings: unknown;
  /** The reference, lowered by the backend, which the runtime is tried with at the start. */
  readonly referenceModel?: (() => Uint8Array | Promise<Uint8Array>) | undefined;
  /** Name of this device, the same whenever a worker is started on it: letters, digits, `.`, `_` and `-`. Default: the host's name. */
  readonly device?: string | undefined;
  /** Id of the class that this device must be of. Default: whatever it is. */
  readonly class?: string | undefined;
  /** Ends the worker; what it works on is given back. */
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: WorkerEvent) => void) | undefined;
  /** Who measures. Default: the engine. */
  readonly measure?: MeasureJobs | undefined;
  /** Milliseconds after which a chunk goes to somebody else when nothing is heard of its worker. Default: see docs/adr/0024. */
  readonly lockMs?: number | undefined;
}

/** What a worker tells while it works. */
export type WorkerEvent =
  | {
      readonly type: 'joined';
      readonly class: DeviceClass;
      readonly device: string;
      readonly queue: string;
      readonly notes: readonly string[];
    }
  | { readonly type: 'taken'; readonly kernels: number }
  | { readonly type: 'measured'; readonly id: string; readonly status: 'ok' | 'failed'; readonly kernels: number }
  /** A chunk could not be worked on; somebody asks for it again. */
  | { readonly type: 'failed'; readonly error: unknown };

/** What a worker has done. */
export interface WorkerSummary {
  readonly device: string;
  readonly classId: string;
  readonly chunks: number;
  readonly kernels: number;
}

/** How long giving work back, and saying goodbye, may take. */
const ENDING_MS = 3000;
const HEARTBEAT_MS = 5000;
/** How soon an empty queue is looked into again: at first at once, since the build is about to fill it, then less and less often. */
const POLL_MS = { first: 20, longest: 640 } as const;
/** A runtime in a child keeps this process free to say that it lives; one in this process may not, for as long as a kernel may take. */
const LOCK_MS = { apart: 30_000, here: DEFAULT_POLICY.kernelTimeoutMs + 60_000 } as const;
/** A worker whose runtime fails waits before it takes more, so that it does not take away what others could measure. */
const REST_AFTER_FAILURE_MS = 5000;
/** What speaks of the job alone. */
const FAULTS_OF_JOBS: ReadonlySet<string> = new Set(['ERR_FLEET_MODEL_GONE', 'ERR_FLEET_REFUSED', 'ERR_FLEET_VERSION']);
/** Deaths are counted by kernel, not by BullMQ. */
const ANY_NUMBER = 1_000_000;

/**
 * Measure for whoever asks, until the signal fires.
 *
 * @throws {@link QueueUrlError}, {@link QueueConnectionError}, {@link QueueAuthError}, {@link NotRedisError}, {@link FleetClassError},
 * {@link FleetVersionError}, and what keeps the runtime from starting
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerSummary> {
  const connection = await connectQueue(options.url);
  try {
    const worker = await FleetWorker.join(connection, options);
    try {
      return await worker.run();
    } finally {
      await worker.leave();
    }
  } finally {
    connection.close();
  }
}

class FleetWorker {
  private readonly id = randomUUID();
  private readonly queues: { readonly own: Worker<ChunkJob>; readonly shared: Worker<ChunkJob> };
  private readonly heartbeat: NodeJS.Timeout;
  private doing: WorkerState['doing'] = 'waiting';
  private chunks = 0;
  private kernels = 0;

  private constructor(
    private readonly connection: QueueConnection,
    private readonly options: WorkerOptions,
    private readonly device: string,
    private readonly deviceClass: DeviceClass,
    private readonly lockMs: number,
  ) {
    this.queues = { own: this.openQueue(queueName(deviceClass.id, device)), shared: this.openQueue(queueName(deviceClass.id)) };
    // A heartbeat that fails is seen by those who miss it.
    this.heartbeat = setInterval(() => void this.announce().catch(() => undefined), HEARTBEAT_MS);
  }

  static async join(connection: QueueConnection, options: WorkerOptions): Promise<FleetWorker> {
    const { backend, settings, referenceModel } = options;
    const device = checkDevice(options.device ?? hostname().replaceAll(/[^\w.-]/g, '-'));
    const session = await openProfilerSession({ backend, settings, referenceModel });
    await session.close();
    const deviceClass = classOf(backend.id, settings, session.environment, session.isolation);
    await assertWelcome(connection, deviceClass, options.class);
    const lockMs = options.lockMs ?? LOCK_MS[session.isolation.kind === 'none' ? 'here' : 'apart'];
    const worker = new FleetWorker(connection, options, device, deviceClass, lockMs);
    await worker.announce();
    const notes = [...connection.notes, ...session.notes, ...(await neighbourNotes(connection, deviceClass, device))];
    options.onEvent?.({ type: 'joined', class: deviceClass, device, queue: connection.shown, notes });
    return worker;
  }

  async run(): Promise<WorkerSummary> {
    const { signal, onEvent } = this.options;
    await Promise.all(Object.values(this.queues).map((queue) => queue.startStalledCheckTimer()));
    let pollMs: number = POLL_MS.first;
    while (!signal.aborted) {
      try {
        const job = await this.unlessEnding(this.next());
        if (job === undefined) {
          await this.pause(pollMs);
          pollMs = Math.min(POLL_MS.longest, 2 * pollMs);
          continue;
        }
        pollMs = POLL_MS.first;
        if ((await this.unlessEnding(this.work(job))) === false) await this.pause(REST_AFTER_FAILURE_MS);
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof FleetClassError) throw error;
        // The connection is back, or the next look finds that it is not.
        onEvent?.({ type: 'failed', error: explainRefusal(error, this.connection.shown) });
        await this.pause(REST_AFTER_FAILURE_MS);
      }
    }
    return { device: this.device, classId: this.deviceClass.id, chunks: this.chunks, kernels: this.kernels };
  }

  async leave(): Promise<void> {
    clearInterval(this.heartbeat);
    // A server that is away does not keep a worker from ending.
    await Promise.race([
      Promise.all([strike(this.connection.redis, this.id), ...Object.values(this.queues).map((queue) => queue.close(true))]).catch(
        () => undefined,
      ),
      sleep(ENDING_MS, undefined, { ref: false }),
    ]);
  }

  private openQueue(name: string): Worker<ChunkJob> {
    const { redis } = this.connection;
    const worker = new Worker<ChunkJob>(name, undefined, {
      connection: redis,
      prefix: QUEUE_PREFIX,
      autorun: false,
      lockDuration: this.lockMs,
      stalledInterval: this.lockMs / 2,
      maxStalledCount: ANY_NUMBER,
      removeOnComplete: { count: 100 },
      removeOnFail: { count: 100 },
    });
    worker.on('error', () => undefined); // the connection comes back by itself
    return worker;
  }

  /** From the device's own queue first; from that of the class only while this device is known to agree with the others. */
  private async next(): Promise<Job<ChunkJob> | undefined> {
    const own = await this.queues.own.getNextJob(this.id, { block: false });
    if (own !== undefined) return own;
    const mayShare = await this.connection.redis.sismember(KEYS.agreed(this.deviceClass.id), this.device);
    return mayShare === 1 ? this.queues.shared.getNextJob(this.id, { block: false }) : undefined;
  }

  /** @returns false when the chunk could not be worked on @throws {@link FleetClassError} when this device is no longer of its class */
  private async work(job: Job<ChunkJob>): Promise<boolean> {
    const { signal, onEvent, backend, settings, measure = profileInTime } = this.options;
    const { redis } = this.connection;
    const chunk = job.id as string;
    // Whoever reaches the server may have written it: it is read where an error is one of the job.
    const { run, kernels } = (job.data ?? {}) as Partial<ChunkJob>;
    const count = Array.isArray(kernels) ? kernels.length : 0;
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(job, String(run), lost), this.lockMs / 3);
    this.doing = 'measuring';
    onEvent?.({ type: 'taken', kernels: count });
    try {
      await runChunk(chunk, job.data, {
        redis,
        device: this.device,
        backend,
        settings,
        environment: this.deviceClass.environment,
        measure,
        signal: AbortSignal.any([signal, lost.signal]),
        isLeaving: () => signal.aborted && !lost.signal.aborted,
        onRecord: ({ id, status }) => {
          this.kernels++;
          onEvent?.({ type: 'measured', id, status, kernels: this.kernels });
        },
      });
      this.chunks++;
      await this.finish(() => job.moveToCompleted(count, this.id, false));
      return true;
    } catch (error) {
      if (signal.aborted) await this.finish(() => job.moveToWait(this.id));
      else if (lost.signal.aborted) await this.finish(() => job.moveToCompleted(0, this.id, false));
      else if (error instanceof FleetClassError) {
        await this.finish(() => job.moveToWait(this.id));
        throw error;
      } else {
        onEvent?.({ type: 'failed', error });
        await this.finish(() => job.moveToFailed(new Error(describe(error)), this.id, false));
        return NnmError.isInstance(error) && FAULTS_OF_JOBS.has(error.code);
      }
      return true;
    } finally {
      clearInterval(renewal);
      this.doing = 'waiting';
      await this.announce();
    }
  }

  /** Say that the chunk is still being worked on, and see whether it is still wanted. */
  private async renew(job: Job<ChunkJob>, run: string, lost: AbortController): Promise<void> {
    try {
      const [, isCancelled] = await Promise.all([job.extendLock(this.id, this.lockMs), this.connection.redis.exists(KEYS.cancelled(run))]);
      if (isCancelled === 1) lost.abort(new Error('The run was given up.'));
    } catch (error) {
      // Somebody else has it by now; a connection that is away is no word on that.
      if (/lock/i.test((error as Error).message)) lost.abort(error);
    }
  }

  /** What a job ends with changes nothing when it is no longer this worker's: its records have been told. */
  private async finish(move: () => Promise<unknown>): Promise<void> {
    try {
      await move();
    } catch (error) {
      if (!/lock|missing key/i.test((error as Error).message)) throw error;
    }
  }

  private announce(): Promise<void> {
    const { id, device, deviceClass, doing, kernels } = this;
    const { backend, protocol, nnm } = deviceClass;
    const state = { id, device, classId: deviceClass.id, backend, protocol, nnm, pid: process.pid, doing, kernels };
    return announce(this.connection.redis, state, deviceClass);
  }

  /** A server that is away keeps nobody from ending: what is not given back comes back by itself. */
  private async unlessEnding<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.options;
    const over = new AbortController();
    const ended = (async () => {
      if (!signal.aborted) await once(signal, 'abort', { signal: over.signal });
      await sleep(ENDING_MS, undefined, { signal: over.signal, ref: false });
      return undefined;
    })() // called off, it never ends
      .catch(() => new Promise<never>(() => undefined));
    try {
      return await Promise.race([work, ended]);
    } finally {
      over.abort();
    }
  }

  private async pause(ms: number): Promise<void> {
    // Its end is what ends a pause early.
    await sleep(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}

function describe(error: unknown): string {
  if (NnmError.isInstance(error)) return `${error.code} ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
