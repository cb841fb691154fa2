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
import { FleetVersionError, FleetWorkError } from '../errors.ts';
import { type ChunkJob, type ChunkKernel, type OpenChunk, PROTOCOL, RUN_EXPIRES_S } from '../protocol.ts';
import { explainRefusal, type QueueConnection } from '../redis/connect.ts';
import { DevicesWatch, type FleetSetup } from './devices-watch.ts';
import { OUT_OF_TIME, PatientServer } from './patient-server.ts';
import { RunStore, type ToldResult } from './run-store.ts';

/** Kernels that a chunk holds at most: what a worker that dies has measured in vain. */
const MOST_KERNELS = 8;
/** Chunks in a queue or in work, for each worker: one to measure, one to go on with. */
const CHUNKS_PER_WORKER = 2;
/** Chunks that every worker should still get, so that all end at about the same time. */
const CHUNKS_LEFT_PER_WORKER = 4;
/** Bytes of models in a chunk, and in all that are out; a kernel whose model is larger goes alone. */
const MOST_CHUNK_BYTES = 32 * 2 ** 20;
const MOST_BYTES = 128 * 2 ** 20;
const CHECK_MS = 5000;
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
  private readonly connection: QueueConnection;
  private readonly server: PatientServer;
  private readonly devices: DevicesWatch;
  private readonly chunks = new Map<string, Chunk>();
  private pending: string[] = [];
  private store!: RunStore;
  private readonly knownEnvironments = new Set<string>();
  private readonly run: string;
  /** Everything is measured, and flagged kernels are measured once more. */
  private settles = false;
  private checkedMs = Number.NEGATIVE_INFINITY;
  private failuresInARow = 0;
  private workerRestarts = 0;

  constructor(
    jobs: readonly ProfileJob[],
    private readonly options: ProfilerOptions,
    private readonly timers: Timers,
    setup: FleetSetup,
    private readonly reference: Uint8Array | undefined,
    private readonly notes: readonly string[],
  ) {
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.collector = new RecordCollector(jobs, { ...options, reference });
    this.run = this.collector.origin?.run ?? randomUUID();
    this.server = new PatientServer(setup.connection.shown, timers, this.over.signal, options.budgetMs);
    this.devices = new DevicesWatch(setup, this.server, timers);
    this.connection = setup.connection;
  }

  async *measure(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    const { options, collector } = this;
    const onAbort = (): void => this.over.abort(new AbortedError({ what: 'Profiling' }, { cause: options.signal?.reason }));
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.over.signal.throwIfAborted();
      const { environment } = collector;
      // Nothing is left to measure: nobody is needed for that.
      if (collector.wanted.size === 0 && this.flagged.length === 0 && environment !== undefined) {
        const known = { environment, isolation: isolationOf(environment) };
        yield collector.started({ ...known, notes: this.notes });
        return yield* this.finish(known);
      }
      const { backend, settings } = options;
      yield* this.devices.find({ backend, settings, environment }, (differing) => collector.assertComparable(differing));
      return yield* this.measureWanted();
    } catch (error) {
      throw explainRefusal(error, this.connection.shown);
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      collector.close();
    }
  }

  private async *measureWanted(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    this.store = new RunStore(this.connection, this.run, this.devices.class.id);
    try {
      try {
        yield* this.takeUp();
        yield* this.begin();
        yield* this.exchange();
        yield* this.settle();
      } catch (error) {
        if (error !== OUT_OF_TIME) throw error;
      }
      if (this.collector.wanted.size > 0) yield* this.takeLast();
      return yield* this.finish(this.devices.class);
    } finally {
      await Promise.race([this.cleanUp(), sleep(CLEANUP_MS, undefined, { ref: false })]);
    }
  }

  private *begin(): Generator<ProfileEvent, void> {
    const { environment, isolation } = this.devices.class;
    yield this.collector.started({ environment, isolation, notes: [...this.notes, ...this.devices.notes] });
    this.collector.begin(this.run, environment);
  }

  private *finish(where: { readonly environment: Environment; readonly isolation: Isolation }): Generator<ProfileEvent, ProfileSummary> {
    const { environment, isolation } = where;
    const summary = this.collector.summarise({ environment, isolation }, this.workerRestarts);
    yield { type: 'finished', summary };
    return summary;
  }

  /** Go on with what an earlier process has left, and queue the rest. */
  private async *takeUp(): AsyncGenerator<ProfileEvent, void> {
    const { collector, server } = this;
    const left = yield* server.insist(() => this.store.openChunks());
    const out = new Set<string>();
    for (const [id, chunk] of left) {
      const open = chunk.kernels.filter(({ id, hash }) => collector.wanted.has(id) && this.jobs.get(id)?.hash === hash);
      if (open.length === 0) {
        const models = chunk.kernels.map(({ model }) => model);
        // A worker that has it already finds that it is no longer wanted.
        yield* server.insist(async () => {
          await this.store.takeBack(id, chunk);
          await this.store.retire(id, models);
        });
        continue;
      }
      for (const kernel of open) out.add(kernel.id);
      this.chunks.set(id, { ...chunk, left: new Set(open.map((kernel) => kernel.id)), bytes: 0, missed: 0 });
    }
    this.pending = [...collector.inOrder(this.options.rng.fork('profile-order'))].filter((id) => !out.has(id));
    const usedDevice = [...this.chunks.values()].find(({ device }) => device !== undefined)?.device;
    this.devices.bind(collector.origin?.device ?? usedDevice);
    yield* this.devices.look();
    if (this.reference !== undefined) {
      const bytes = this.reference;
      yield* server.insist(() => this.store.putModel(hashOf(bytes), bytes, RUN_EXPIRES_S));
    }
  }

  /** Flagged kernels that are to be settled. */
  private get flagged(): readonly string[] {
    return this.options.settleWaitMs === undefined ? [] : this.collector.flagged(this.options.rng.fork('settle-order'));
  }

  /** Everything is measured: flagged kernels are measured once more, by workers that wait for quiet. What is not mended keeps its record. */
  private async *settle(): AsyncGenerator<ProfileEvent, void> {
    const { flagged, server } = this;
    if (this.collector.wanted.size > 0 || flagged.length === 0) return;
    this.settles = true;
    server.shorten(this.options.settleWaitMs!);
    yield { type: 'settle', flagged: flagged.length };
    this.collector.reopen(flagged);
    this.pending = [...flagged];
    yield* this.exchange();
  }

  /** Hand out chunks and take in records until all are there, or the time is over. */
  private async *exchange(): AsyncGenerator<ProfileEvent, void> {
    while (this.pending.length > 0 || this.chunks.size > 0) {
      this.over.signal.throwIfAborted();
      if (this.server.isOutOfTime) return;
      yield* this.devices.lookAgain();
      yield* this.handOut();
      const told = await this.store.read();
      if (told.length > 0) yield* this.takeIn(told);
      else if (this.timers.now() - this.checkedMs >= CHECK_MS) yield* this.check();
    }
  }

  private async *handOut(): AsyncGenerator<ProfileEvent, void> {
    const workers = this.devices.placement.workers.length;
    while (this.pending.length > 0 && this.chunks.size < CHUNKS_PER_WORKER * workers) {
      const bytesOut = [...this.chunks.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      if (this.chunks.size > 0 && bytesOut >= MOST_BYTES) return;
      const size = Math.ceil(this.pending.length / (CHUNKS_LEFT_PER_WORKER * workers));
      yield* this.options.together
        ? this.publish(this.pending.length, Number.POSITIVE_INFINITY)
        : this.publish(Math.max(1, Math.min(MOST_KERNELS, size)), MOST_CHUNK_BYTES);
      if (this.server.isOutOfTime || this.over.signal.aborted) return;
    }
  }

  /** Hand out a chunk of so many kernels and bytes at most. */
  private async *publish(size: number, mostBytes: number): AsyncGenerator<ProfileEvent, void> {
    const kernels: ChunkKernel[] = [];
    let bytes = 0;
    while (kernels.length < size && bytes < mostBytes) {
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
      yield* this.server.insist(() => this.store.putModel(kernel.model, model));
      kernels.push(kernel);
      bytes += model.byteLength;
    }
    if (kernels.length === 0) return;
    const id = `${this.run}-${randomUUID().slice(0, 8)}`;
    const { device } = this.devices.placement;
    const chunk: OpenChunk = { ...(device !== undefined && { device }), kernels };
    this.chunks.set(id, { ...chunk, left: new Set(kernels.map((kernel) => kernel.id)), bytes, missed: 0 });
    yield* this.server.insist(() => this.store.publish(id, chunk, this.jobOf(kernels)));
  }

  private jobOf(kernels: readonly ChunkKernel[]): ChunkJob {
    const { backend, policy = {}, alike = false, together, rng } = this.options;
    return {
      protocol: PROTOCOL,
      nnm: CORE_VERSION,
      run: this.run,
      backend: backend.id,
      seed: rng.fork(`chunk/${kernels[0]!.id}`).seed,
      alike,
      policy,
      ...(together && { together }),
      ...(this.settles && { settleWaitMs: Math.max(0, Math.round(this.server.leftMs)) }),
      ...(this.reference !== undefined && { reference: hashOf(this.reference) }),
      kernels,
    };
  }

  private async *takeIn(told: readonly ToldResult[]): AsyncGenerator<ProfileEvent, void> {
    const kernels = told.flatMap(({ message }) => (message?.type === 'kernel' && this.isOfClass(message.environment) ? [message] : []));
    const events = this.collector.take(this.run, kernels);
    if (events.length > 0) this.failuresInARow = 0;
    yield* this.server.insist(() => this.store.forget(told.map(({ place }) => place)));
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
    yield* this.server.insist(() => this.store.retire(id, models));
  }

  /** Chunks that ended without all their records, or that the server has forgotten, are asked for again. */
  private async *check(): AsyncGenerator<ProfileEvent, void> {
    this.checkedMs = this.timers.now();
    for (const [id, chunk] of [...this.chunks]) {
      const state = await this.server.answer(this.store.stateOf(id, chunk));
      if (state === undefined) return;
      if (state.open && this.devices.isLeft(chunk.device)) {
        if (yield* this.server.insist(() => this.store.takeBack(id, chunk))) yield* this.askAgain(id, chunk);
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
    if (environmentDifferences(this.devices.class.environment, environment).length > 0) return false;
    this.knownEnvironments.add(key);
    return true;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isolationOf({ isolation, pinned }: Environment): Isolation {
  return pinned ? { kind: isolation, cpus: [] } : { kind: isolation };
}
