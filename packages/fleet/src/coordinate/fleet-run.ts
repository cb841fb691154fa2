import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, CORE_VERSION } from '@nnm/core';
import {
  type Environment,
  environmentDifferences,
  type Isolation,
  type ProfileEvent,
  type ProfileJob,
  type ProfilerOptions,
  type ProfileSummary,
  RecordCollector,
  type Timers,
} from '@nnm/profiler';
import type { Comparison } from '../calibrate/comparison.ts';
import { readComparison } from '../calibrate/kept-comparison.ts';
import { FleetVersionError, FleetWorkError, NoWorkerError } from '../errors.ts';
import { type ChunkKernel, type OpenChunk, PROTOCOL, RUN_EXPIRES_S } from '../protocol.ts';
import type { QueueConnection } from '../redis/connect.ts';
import { type DeviceClass, describeClass } from '../roll/device-class.ts';
import { listWorkers } from '../roll/roll.ts';
import type { ListedWorker } from '../roll/worker-state.ts';
import { findClass } from './find-class.ts';
import { type Placement, placeKernels, placementNotes } from './placement.ts';
import { RunStore, type ToldResult } from './run-store.ts';
import { StoppableWait } from './stoppable-wait.ts';

/** The budget is over while the server is away. */
const OUT_OF_TIME = new Error('The time budget is over.');

/** What all runs of a build have in common. */
export interface FleetSetup {
  readonly connection: QueueConnection;
  /** Id of the class that is asked for. */
  readonly class: string | undefined;
  /** The device that has been chosen for this build; the first run chooses it. */
  device: string | undefined;
  /** The only device that may measure, whatever is known of it: for comparing devices. */
  readonly onlyDevice?: string | undefined;
}

/** Kernels that a chunk holds at most: what a worker that dies has measured in vain. */
const MOST_KERNELS = 8;
/** Chunks in a queue or in work, for each worker: one to measure, one to go on with. */
const CHUNKS_PER_WORKER = 2;
/** Chunks that every worker should still get, so that all end at about the same time. */
const CHUNKS_LEFT_PER_WORKER = 4;
/** Bytes of models in a chunk, and in all that are out; a kernel whose model is larger goes alone. */
const MOST_CHUNK_BYTES = 32 * 2 ** 20;
const MOST_BYTES = 128 * 2 ** 20;
const LOOK_MS = 2000;
const CHECK_MS = 5000;
/** Nobody being there is told again after this long. */
const SAY_AGAIN_MS = 60_000;
const MOST_FAILURES_IN_A_ROW = 3;
/** How long cleaning up may take when the server is away. */
const CLEANUP_MS = 3000;

interface Chunk extends OpenChunk {
  readonly left: Set<string>;
  readonly bytes: number;
  /** How often in a row the queue did not know it as open. */
  missed: number;
}

/** One call of `measure`: chunks go out, records come in. */
export class FleetRun {
  private readonly collector: RecordCollector;
  private readonly jobs: ReadonlyMap<string, ProfileJob>;
  private readonly over = new AbortController();
  private readonly waiting: StoppableWait;
  private readonly chunks = new Map<string, Chunk>();
  private pending: string[] = [];
  private store!: RunStore;
  private class!: DeviceClass;
  private placement!: Placement;
  /** The device that has measured for this run's journal, or is to. */
  private bound: string | undefined;
  private comparison: Comparison | undefined;
  private workers: readonly ListedWorker[] = [];
  private readonly knownEnvironments = new Set<string>();
  private readonly run: string;
  private lookedMs = Number.NEGATIVE_INFINITY;
  private checkedMs = Number.NEGATIVE_INFINITY;
  private said = { reason: '', atMs: Number.NEGATIVE_INFINITY };
  private failuresInARow = 0;
  private workerRestarts = 0;
  private readonly endMs: number;

  constructor(
    jobs: readonly ProfileJob[],
    private readonly options: ProfilerOptions,
    private readonly timers: Timers,
    private readonly setup: FleetSetup,
    private readonly reference: Uint8Array | undefined,
    private readonly notes: readonly string[],
  ) {
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.waiting = new StoppableWait(timers, this.over.signal);
    this.collector = new RecordCollector(jobs, { ...options, reference });
    this.run = this.collector.origin?.run ?? randomUUID();
    this.endMs = timers.now() + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  }

  async *measure(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    const { options } = this;
    const onAbort = (): void => this.over.abort(new AbortedError({ what: 'Profiling' }, { cause: options.signal?.reason }));
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.over.signal.throwIfAborted();
      const { environment } = this.collector;
      // Nothing is left to measure: nobody is needed for that.
      if (this.collector.wanted.size === 0 && environment !== undefined) {
        const known = { environment, isolation: isolationOf(environment) };
        yield this.collector.started({ ...known, notes: this.notes });
        return yield* this.finish(known);
      }
      yield* this.findDevices();
      return yield* this.measureWanted();
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      this.collector.close();
    }
  }

  private async *measureWanted(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    this.store = new RunStore(this.setup.connection, this.run, this.class.id);
    try {
      try {
        yield* this.takeUp();
        yield* this.begin();
        yield* this.exchange();
      } catch (error) {
        if (error !== OUT_OF_TIME) throw error;
      }
      if (this.collector.wanted.size > 0) yield* this.takeLast();
      return yield* this.finish(this.class);
    } finally {
      await Promise.race([this.cleanUp(), sleep(CLEANUP_MS, undefined, { ref: false })]);
    }
  }

  private *begin(): Generator<ProfileEvent, void> {
    const { environment, isolation } = this.class;
    const found = `Class ${this.class.id}: ${describeClass(this.class)}.`;
    const notes = [...this.notes, found, ...placementNotes(this.workers, this.comparison, this.placement)];
    yield this.collector.started({ environment, isolation, notes });
    this.collector.begin(this.run, environment);
  }

  private *finish(where: { readonly environment: Environment; readonly isolation: Isolation }): Generator<ProfileEvent, ProfileSummary> {
    const { environment, isolation } = where;
    const summary = this.collector.summarise({ environment, isolation }, this.workerRestarts);
    yield { type: 'finished', summary };
    return summary;
  }

  /** Wait until somebody is there who can measure. */
  private async *findDevices(): AsyncGenerator<ProfileEvent, void> {
    const { connection, class: asked } = this.setup;
    const { backend, settings } = this.options;
    for (;;) {
      const found = await this.answer(
        findClass(connection.redis, { backend, settings, class: asked, environment: this.collector.environment }),
      );
      if (found !== undefined && 'class' in found) {
        this.class = found.class;
        this.workers = found.workers;
        this.lookedMs = this.timers.now();
        return;
      }
      if (found?.differing !== undefined) this.collector.assertComparable(found.differing);
      yield* this.say(found?.missing ?? this.lostConnection);
      if (this.isOutOfTime) throw new NoWorkerError({ reason: found?.missing ?? this.lostConnection });
      await this.waiting.pause(Math.min(LOOK_MS / 2, Math.max(0, this.endMs - this.timers.now())));
      this.over.signal.throwIfAborted();
    }
  }

  /** Go on with what an earlier process has left, and queue the rest. */
  private async *takeUp(): AsyncGenerator<ProfileEvent, void> {
    const left = yield* this.insist(() => this.store.openChunks());
    const out = new Set<string>();
    for (const [id, chunk] of left) {
      const open = chunk.kernels.filter(({ id, hash }) => this.collector.wanted.has(id) && this.jobs.get(id)?.hash === hash);
      if (open.length === 0) {
        yield* this.insist(() =>
          this.store.retire(
            id,
            chunk.kernels.map(({ model }) => model),
          ),
        );
        continue;
      }
      for (const kernel of open) out.add(kernel.id);
      this.chunks.set(id, { ...chunk, left: new Set(open.map((kernel) => kernel.id)), bytes: 0, missed: 0 });
    }
    this.pending = [...this.collector.inOrder(this.options.rng.fork('profile-order'))].filter((id) => !out.has(id));
    const usedDevice = [...this.chunks.values()].find(({ device }) => device !== undefined)?.device;
    this.bound = this.collector.origin?.device ?? usedDevice ?? this.setup.device;
    yield* this.look();
    if (this.reference !== undefined) {
      const bytes = this.reference;
      yield* this.insist(() => this.store.putModel(hashOf(bytes), bytes, RUN_EXPIRES_S));
    }
  }

  /** Hand out chunks and take in records until all are there, or the time is over. */
  private async *exchange(): AsyncGenerator<ProfileEvent, void> {
    while (this.pending.length > 0 || this.chunks.size > 0) {
      this.over.signal.throwIfAborted();
      if (this.isOutOfTime) return;
      if (this.timers.now() - this.lookedMs >= LOOK_MS) yield* this.look();
      yield* this.handOut();
      const told = await this.store.read();
      if (told.length > 0) yield* this.takeIn(told);
      else if (this.timers.now() - this.checkedMs >= CHECK_MS) yield* this.check();
    }
  }

  /** See who is there and who may measure. */
  private async *look(): AsyncGenerator<ProfileEvent, void> {
    const { connection, onlyDevice } = this.setup;
    const { redis } = connection;
    const seen = await this.answer(Promise.all([listWorkers(redis), readComparison(redis, this.class.id)]));
    this.lookedMs = this.timers.now();
    if (seen === undefined) {
      yield* this.say(this.lostConnection);
      this.placement ??= { device: this.bound, workers: [] };
      return;
    }
    const [workers, comparison] = seen;
    this.comparison = comparison;
    this.workers = workers.filter(({ isLive, classId }) => isLive && classId === this.class.id);
    this.placement = placeKernels(this.workers, onlyDevice === undefined ? comparison : undefined, onlyDevice ?? this.bound);
    this.bound ??= this.placement.device;
    this.setup.device ??= this.placement.device;
    if (this.placement.workers.length > 0) {
      this.said = { reason: '', atMs: Number.NEGATIVE_INFINITY };
      return;
    }
    const device = this.placement.device ?? 'any device that agrees';
    const others = this.workers.length > 0 ? ' `nnm fleet calibrate` shows whether others may go on.' : '';
    yield* this.say(`Waiting for a worker on ${device} of class ${this.class.id}: none has been heard of.${others}`);
  }

  private async *handOut(): AsyncGenerator<ProfileEvent, void> {
    const workers = this.placement.workers.length;
    while (this.pending.length > 0 && this.chunks.size < CHUNKS_PER_WORKER * workers) {
      const bytesOut = [...this.chunks.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      if (this.chunks.size > 0 && bytesOut >= MOST_BYTES) return;
      const size = Math.ceil(this.pending.length / (CHUNKS_LEFT_PER_WORKER * workers));
      yield* this.publish(Math.max(1, Math.min(MOST_KERNELS, size)));
      if (this.isOutOfTime || this.over.signal.aborted) return;
    }
  }

  private async *publish(size: number): AsyncGenerator<ProfileEvent, void> {
    const kernels: ChunkKernel[] = [];
    let bytes = 0;
    while (kernels.length < size && bytes < MOST_CHUNK_BYTES) {
      const id = this.pending.shift();
      if (id === undefined) break;
      const job = this.jobs.get(id)!;
      let model: Uint8Array;
      try {
        model = await job.model();
      } catch (error) {
        yield* this.collector.fail(id, error);
        yield this.collector.progress();
        continue;
      }
      const kernel = { id, hash: job.hash, model: hashOf(model) };
      yield* this.insist(() => this.store.putModel(kernel.model, model));
      kernels.push(kernel);
      bytes += model.byteLength;
    }
    if (kernels.length === 0) return;
    const id = `${this.run}-${randomUUID().slice(0, 8)}`;
    const { device } = this.placement;
    const chunk: Chunk = {
      ...(device !== undefined && { device }),
      kernels,
      left: new Set(kernels.map((kernel) => kernel.id)),
      bytes,
      missed: 0,
    };
    this.chunks.set(id, chunk);
    const { backend, policy = {}, alike = false, rng } = this.options;
    const job = {
      protocol: PROTOCOL,
      nnm: CORE_VERSION,
      run: this.run,
      backend: backend.id,
      seed: rng.fork(`chunk/${kernels[0]!.id}`).seed,
      alike,
      policy,
      ...(this.reference !== undefined && { reference: hashOf(this.reference) }),
      kernels,
    };
    yield* this.insist(() => this.store.publish(id, device === undefined ? { kernels } : { device, kernels }, job));
  }

  private async *takeIn(told: readonly ToldResult[]): AsyncGenerator<ProfileEvent, void> {
    const kernels = told.flatMap(({ message }) => (message?.type === 'kernel' && this.isOfClass(message.environment) ? [message] : []));
    const events = this.collector.take(this.run, kernels);
    if (events.length > 0) this.failuresInARow = 0;
    yield* this.insist(() => this.store.forget(told.map(({ place }) => place)));
    yield* events;
    for (const { message } of told) {
      if (message?.type === 'retry') yield { type: 'retry', id: message.id, reason: message.reason };
      else if (message?.type === 'end') {
        this.collector.addDrift(message);
        this.workerRestarts += message.restarts;
      } else if (message?.type === 'kernel') {
        for (const [id, chunk] of this.chunks) {
          if (chunk.left.delete(message.record.id) && chunk.left.size === 0) yield* this.retire(id, chunk);
        }
      }
    }
    yield this.collector.progress();
  }

  private async *retire(id: string, chunk: Chunk): AsyncGenerator<ProfileEvent, void> {
    this.chunks.delete(id);
    const used = new Set([...this.chunks.values()].flatMap(({ kernels }) => kernels.map(({ model }) => model)));
    if (this.reference !== undefined) used.add(hashOf(this.reference));
    const models = chunk.kernels.map(({ model }) => model).filter((model) => !used.has(model));
    yield* this.insist(() => this.store.retire(id, models));
  }

  /** Chunks that ended without all their records, or that the server has forgotten, are asked for again. */
  private async *check(): AsyncGenerator<ProfileEvent, void> {
    this.checkedMs = this.timers.now();
    for (const [id, chunk] of [...this.chunks]) {
      const state = await this.answer(this.store.stateOf(id, chunk));
      if (state === undefined) return;
      const isElsewhere = chunk.device !== undefined && chunk.device !== this.placement.device && this.placement.workers.length > 0;
      if (state.open && isElsewhere && !this.workers.some(({ device }) => device === chunk.device)) {
        if (yield* this.insist(() => this.store.takeBack(id, chunk))) yield* this.askAgain(id, chunk);
      } else if (state.open) chunk.missed = 0;
      // Once may be a job that has just ended, whose records are still to be read.
      else if (++chunk.missed > 1 || state.failure !== undefined) {
        if (state.failure !== undefined) this.countFailure(state.failure);
        yield* this.askAgain(id, chunk);
      }
    }
  }

  private async *askAgain(id: string, chunk: Chunk): AsyncGenerator<ProfileEvent, void> {
    this.pending.unshift(...chunk.left);
    yield* this.retire(id, chunk);
  }

  /** @throws {@link FleetVersionError}, {@link FleetWorkError} after several in a row */
  private countFailure(message: string): void {
    if (message.startsWith('ERR_FLEET_MODEL_GONE')) return; // the server has forgotten it
    if (message.startsWith('ERR_FLEET_VERSION')) {
      throw new FleetVersionError({ who: 'A worker is', theirs: message.replace(/^\S+ /, ''), ours: `nnm ${CORE_VERSION}` });
    }
    if (++this.failuresInARow >= MOST_FAILURES_IN_A_ROW) throw new FleetWorkError({ message, times: this.failuresInARow });
  }

  /** The time is over: what workers have told until now still counts. */
  private async *takeLast(): AsyncGenerator<ProfileEvent, void> {
    for (let told = await this.store.read(); told.length > 0; told = await this.store.read()) yield* this.takeIn(told);
  }

  /** Leave nothing in the queues that nobody waits for. What workers have told stays until the next run takes it. */
  private async cleanUp(): Promise<void> {
    try {
      if (this.collector.wanted.size === 0) {
        const models = this.reference === undefined ? [] : [hashOf(this.reference)];
        await this.store.clear(models);
      } else {
        // Stopped by its user, who may go on: workers finish what they have begun. Otherwise they stop at once.
        if (!this.over.signal.aborted) await this.store.cancel();
        for (const [id, chunk] of this.chunks) {
          if (await this.store.takeBack(id, chunk)) {
            await this.store.retire(
              id,
              chunk.kernels.map(({ model }) => model),
            );
          }
        }
      }
    } finally {
      await this.store.close();
    }
  }

  /** A result counts when it was made under the conditions of the class. */
  private isOfClass(environment: Environment): boolean {
    const key = JSON.stringify(environment);
    if (this.knownEnvironments.has(key)) return true;
    if (environmentDifferences(this.class.environment, environment).length > 0) return false;
    this.knownEnvironments.add(key);
    return true;
  }

  /** Tell why nothing goes on, once, and again after a while. */
  private *say(reason: string): Generator<ProfileEvent, void> {
    const now = this.timers.now();
    if (reason === this.said.reason && now - this.said.atMs < SAY_AGAIN_MS) return;
    this.said = { reason, atMs: now };
    yield { type: 'waiting', reason };
  }

  private get lostConnection(): string {
    return `The connection to the queue at ${this.setup.connection.shown} is lost; it is tried again and again.`;
  }

  private get isOutOfTime(): boolean {
    return this.timers.now() >= this.endMs;
  }

  /** What the server answers; undefined when it is away. */
  private async answer<T>(work: Promise<T>): Promise<T | undefined> {
    return (await this.waiting.within(work, CHECK_MS))?.value;
  }

  /** What the server answers, however long it is away; only the end of the run ends that. */
  private async *insist<T>(work: () => Promise<T>): AsyncGenerator<ProfileEvent, T> {
    const answer = work();
    for (;;) {
      const first = await this.waiting.within(answer, CHECK_MS);
      if (first !== undefined) return first.value;
      yield* this.say(this.lostConnection);
      if (this.isOutOfTime) throw OUT_OF_TIME;
    }
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isolationOf({ isolation, pinned }: Environment): Isolation {
  return pinned ? { kind: isolation, cpus: [] } : { kind: isolation };
}
