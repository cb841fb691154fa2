import { type AnyBackend, CORE_VERSION, NnmError, Rng } from '@nnm/core';
import {
  describeDifference,
  type Environment,
  environmentDifferences,
  type MeasureJobs,
  type ProfileJob,
  type ProfileRecord,
  type ProfileSummary,
  resolvePolicy,
  SYSTEM_TIMERS,
  type Visit,
  type VisitCost,
} from '@nnm/profiler';
import type { Redis } from 'ioredis';
import { FleetClassError, FleetVersionError } from '../errors.ts';
import { type ChunkJob, type ChunkKernel, KEYS, PROTOCOL, parseJob, type ResultMessage, RUN_EXPIRES_S } from '../protocol.ts';

/** What a chunk is measured with: the worker's own, whatever the job says. */
export interface ChunkSetup {
  readonly redis: Redis;
  readonly device: string;
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly environment: Environment;
  readonly measure: MeasureJobs;
  readonly signal: AbortSignal;
  /** The worker is being ended, in good order: that is no death. */
  readonly isLeaving: () => boolean;
  readonly onRecord: (record: ProfileRecord) => void;
}

/** A job asks for what this worker does not do. */
class RefusedJobError extends NnmError {
  constructor(details: { problem: string }) {
    super({
      code: 'ERR_FLEET_REFUSED',
      message: `A worker refuses a job: ${details.problem}.`,
      hint: 'Look at who else writes to this Redis; nnm asks a worker only for what it offers.',
      details,
    });
  }
}

/** Whose chunk it was has taken it away. */
class ModelGoneError extends NnmError {
  constructor(details: { id: string }) {
    super({
      code: 'ERR_FLEET_MODEL_GONE',
      message: `The model of ${details.id} is no longer in the queue's server.`,
      hint: 'Whoever asked for it has ended, or the server has forgotten it; a build that still wants it asks again.',
      details,
    });
  }
}

/** A chunk that was handed out so often has been the end of too many workers, and each of its kernels twice more. */
const SPARE_DELIVERIES = 4;

/**
 * Measure the kernels of a chunk, each from its first visit to its record, and tell the records.
 *
 * A chunk whose worker died comes again. Then its kernels are measured one at a time, so that it is known which of them is to blame: one that
 * has ended its worker as often as a kernel may end its process becomes a failed record. Those that belong together are measured together
 * again, and fail together.
 *
 * @throws {@link RefusedJobError}, {@link FleetVersionError}, {@link ModelGoneError}, {@link FleetClassError} when the runtime is no longer what
 * it was when its worker joined, and what keeps the runtime from measuring
 */
export async function runChunk(chunk: string, data: unknown, setup: ChunkSetup): Promise<void> {
  const job = readJob(data, setup.backend);
  const { redis } = setup;
  const key = KEYS.chunk(chunk);
  const deliveries = await redis.hincrby(key, 'deliveries', 1);
  await redis.expire(key, RUN_EXPIRES_S);
  try {
    await measureChunk(chunk, job, setup, deliveries);
  } catch (error) {
    // What a worker gives back has not ended it.
    if (setup.isLeaving() || error instanceof FleetClassError) await redis.multi().hincrby(key, 'deliveries', -1).hdel(key, 'begun').exec();
    throw error;
  }
}

async function measureChunk(chunk: string, job: ChunkJob, setup: ChunkSetup, deliveries: number): Promise<void> {
  const { redis } = setup;
  const key = KEYS.chunk(chunk);
  const done = new Set(await redis.smembers(KEYS.chunkDone(chunk)));
  const open = job.kernels.filter(({ id }) => !done.has(id));
  const measuring = new ChunkMeasuring(chunk, job, setup);
  const { maxCrashes } = resolvePolicy(job.policy);
  if (deliveries === 1 || (job.together && deliveries <= maxCrashes)) {
    await measuring.measure(open);
    return;
  }
  const begun = await redis.hget(key, 'begun');
  if (begun !== null) {
    await redis.multi().hincrby(key, `deaths:${begun}`, 1).hdel(key, 'begun').exec();
  }
  const isHopeless = job.together || deliveries > SPARE_DELIVERIES + maxCrashes * job.kernels.length;
  const deaths = new Map<string, number>();
  for (const { id } of open) deaths.set(id, Number((await redis.hget(key, `deaths:${id}`)) ?? 0));
  // What has never ended a worker comes first.
  for (const kernel of [...open].sort((a, b) => deaths.get(a.id)! - deaths.get(b.id)!)) {
    setup.signal.throwIfAborted();
    if (isHopeless || deaths.get(kernel.id)! >= maxCrashes) await measuring.fail(kernel, deaths.get(kernel.id)!);
    else {
      await redis.hset(key, 'begun', kernel.id);
      await measuring.measure([kernel]);
      await redis.hdel(key, 'begun');
    }
  }
}

/** @throws {@link RefusedJobError}, {@link FleetVersionError} */
function readJob(data: unknown, backend: AnyBackend): ChunkJob {
  const job = parseJob(data);
  if (job !== undefined && (job.protocol !== PROTOCOL || job.nnm !== CORE_VERSION)) {
    throw new FleetVersionError({
      who: 'A job comes from a build',
      theirs: `${job.nnm}/${job.protocol}`,
      ours: `${CORE_VERSION}/${PROTOCOL}`,
    });
  }
  if (job === undefined || !('kernels' in job)) throw new RefusedJobError({ problem: 'it does not say what is to be measured' });
  if (job.backend !== backend.id)
    throw new RefusedJobError({ problem: `it is for ${job.backend}, and this worker measures with ${backend.id}` });
  return job;
}

/** A runtime may be replaced while its worker lives. @throws {@link FleetClassError} */
function assertStillOfClass(joined: Environment, now: Environment): void {
  const changed = environmentDifferences(joined, now);
  if (changed.length === 0) return;
  throw new FleetClassError({
    message: `This device is no longer of its class: ${changed.map(describeDifference).join('; ')}.`,
    hint: 'Start the worker again: it joins the class that it is of now. What it was measuring goes back into the queue.',
    classes: [],
  });
}

class ChunkMeasuring {
  constructor(
    private readonly chunk: string,
    private readonly job: ChunkJob,
    private readonly setup: ChunkSetup,
  ) {}

  async measure(kernels: readonly ChunkKernel[]): Promise<void> {
    if (kernels.length === 0) return;
    const { redis, backend, settings, signal, measure } = this.setup;
    const { run, policy, alike, seed, reference, settleWaitMs } = this.job;
    const gone = new AbortController();
    const fetch = async (hash: string, id: string): Promise<Uint8Array> => {
      const bytes = await redis.getBuffer(KEYS.model(run, hash));
      if (bytes !== null) return bytes;
      const error = new ModelGoneError({ id });
      gone.abort(error); // no property of the kernel: it ends the chunk, and leaves no record
      throw error;
    };
    const jobs = kernels.map(({ id, hash, model }): ProfileJob => ({ id, hash, model: () => fetch(model, id) }));
    const profiling = measure(
      jobs,
      {
        backend,
        settings,
        referenceModel: reference === undefined ? undefined : () => fetch(reference, 'the reference'),
        // Whether all kernels fail alike is for the coordinator to see.
        policy: { ...policy, stopAfterAlike: 0, stopAfterHangs: 0 },
        alike,
        settleWaitMs,
        rng: new Rng(seed),
        signal: AbortSignal.any([signal, gone.signal]),
      },
      SYSTEM_TIMERS,
    );
    const visits = new Map<string, { visit: Visit; cost: VisitCost }[]>();
    try {
      for (;;) {
        const step = await profiling.next();
        if (gone.signal.aborted) throw gone.signal.reason;
        if (step.done) {
          assertStillOfClass(this.setup.environment, step.value.environment);
          // A record may be revised as long as its run goes on, so none is told before its end. The last one is the last word: with it a build
          // is over and forgets the run, and what came after it would stay behind.
          await this.end(step.value);
          for (const record of step.value.records) await this.tellRecord(record, visits.get(record.id) ?? []);
          return;
        }
        const event = step.value;
        if (event.type === 'visit') visits.set(event.id, [...(visits.get(event.id) ?? []), { visit: event.visit, cost: event.cost }]);
        else if (event.type === 'retry') await this.tell({ type: 'retry', chunk: this.chunk, id: event.id, reason: event.reason });
      }
    } catch (error) {
      throw gone.signal.aborted ? gone.signal.reason : error;
    } finally {
      await profiling.return(undefined as never);
    }
  }

  async fail({ id, hash }: ChunkKernel, deaths: number): Promise<void> {
    const times =
      deaths > 0 ? `has ended the process of its worker ${deaths} times` : 'is one of those whose workers ended again and again';
    await this.tellRecord({ status: 'failed', id, hash, error: { code: 'ERR_FLEET_WORKER_DEATH', message: `The kernel ${times}.` } }, []);
  }

  private async end({ drift, counts }: ProfileSummary): Promise<void> {
    const { quietShare, probes, doubted } = drift;
    await this.tell({ type: 'end', chunk: this.chunk, quietShare, probes, doubted, restarts: counts.workerRestarts });
  }

  private async tellRecord(record: ProfileRecord, visits: readonly { visit: Visit; cost: VisitCost }[]): Promise<void> {
    const { device, environment, onRecord } = this.setup;
    await this.tell({ type: 'kernel', chunk: this.chunk, device, environment, visits, record }, record.id);
    onRecord(record);
  }

  /** In one step with the word that it is done: a kernel is not told and measured again, nor done and never told. */
  private async tell(message: ResultMessage, done?: string): Promise<void> {
    const { redis } = this.setup;
    const results = KEYS.results(this.job.run);
    const step = redis.multi().xadd(results, '*', 'message', JSON.stringify(message)).expire(results, RUN_EXPIRES_S);
    if (done !== undefined) step.sadd(KEYS.chunkDone(this.chunk), done).expire(KEYS.chunkDone(this.chunk), RUN_EXPIRES_S);
    await step.exec();
  }
}
