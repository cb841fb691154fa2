import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  type ChunkJob,
  KEYS,
  MODEL_EXPIRES_S,
  type OpenChunk,
  parseResult,
  QUEUE_PREFIX,
  queueName,
  type ResultMessage,
  RUN_EXPIRES_S,
} from '../protocol.ts';
import type { QueueConnection } from '../redis/connect.ts';

/** A message with its place in the stream; undefined for what cannot be read. */
export interface ToldResult {
  readonly place: string;
  readonly message: ResultMessage | undefined;
}

/** How many messages are taken at once. */
const MOST_AT_ONCE = 256;
const WAIT_MS = 500;

/** What a run keeps in Redis: its chunks in the queues, their models, and what workers have told. */
export class RunStore {
  private readonly redis: Redis;
  private readonly waiting: Redis;
  private readonly queues = new Map<string, Queue<ChunkJob>>();
  private reading: Promise<readonly ToldResult[]> | undefined;
  private readUntil = '0';

  constructor(
    connection: QueueConnection,
    private readonly run: string,
    private readonly classId: string,
  ) {
    this.redis = connection.redis;
    this.waiting = connection.duplicate();
  }

  /** Chunks of this run that an earlier process has left. */
  async openChunks(): Promise<ReadonlyMap<string, OpenChunk>> {
    await this.redis.del(KEYS.cancelled(this.run));
    const all = await this.redis.hgetall(KEYS.chunks(this.run));
    return new Map(Object.entries(all).map(([id, text]) => [id, JSON.parse(text) as OpenChunk]));
  }

  async putModel(hash: string, bytes: Uint8Array, expiresS = MODEL_EXPIRES_S): Promise<void> {
    await this.redis.set(KEYS.model(this.run, hash), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'EX', expiresS);
  }

  /** Hand a chunk to the workers. It is remembered first: whoever dies in between finds that it has no job, and hands it out again. */
  async publish(id: string, chunk: OpenChunk, job: ChunkJob): Promise<void> {
    const chunks = KEYS.chunks(this.run);
    await this.redis.multi().hset(chunks, id, JSON.stringify(chunk)).expire(chunks, RUN_EXPIRES_S).exec();
    await this.queueOf(chunk).add('chunk', job, { jobId: id, removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } });
  }

  /** How a chunk stands: with a worker or waiting for one, ended, or unknown to the queue. */
  async stateOf(id: string, chunk: OpenChunk): Promise<{ readonly open: boolean; readonly failure?: string | undefined }> {
    const queue = this.queueOf(chunk);
    const state = await queue.getJobState(id);
    if (state !== 'failed') return { open: state !== 'completed' && state !== 'unknown' };
    const job = await queue.getJob(id);
    return { open: false, failure: job?.failedReason };
  }

  /** Forget a chunk: its records are there, or others ask for its kernels. */
  async retire(id: string, models: Iterable<string>): Promise<void> {
    const keys = [KEYS.chunk(id), KEYS.chunkDone(id), ...[...models].map((hash) => KEYS.model(this.run, hash))];
    await this.redis
      .multi()
      .hdel(KEYS.chunks(this.run), id)
      .del(...keys)
      .exec();
  }

  /** Take a chunk back. @returns false when a worker has it already */
  async takeBack(id: string, chunk: OpenChunk): Promise<boolean> {
    const job = await this.queueOf(chunk).getJob(id);
    if (job === undefined) return true;
    try {
      await job.remove();
      return true;
    } catch (error) {
      if (/lock/i.test((error as Error).message)) return false;
      throw error;
    }
  }

  /** What workers have told since; nothing within half a second. They stay in the stream until they are forgotten. */
  async read(): Promise<readonly ToldResult[]> {
    this.reading ??= this.readStream();
    // While the server is away the command waits for it, and others want to be asked meanwhile.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), 2 * WAIT_MS);
    });
    const told = await Promise.race([this.reading, late]).finally(() => clearTimeout(timer));
    if (told === undefined) return [];
    this.reading = undefined;
    return told;
  }

  private async readStream(): Promise<readonly ToldResult[]> {
    const streams = await this.waiting.xread('COUNT', MOST_AT_ONCE, 'BLOCK', WAIT_MS, 'STREAMS', KEYS.results(this.run), this.readUntil);
    const entries = streams?.[0]?.[1] ?? [];
    this.readUntil = entries.at(-1)?.[0] ?? this.readUntil;
    return entries.map(([place, [, text = '']]) => ({ place, message: parseResult(text) }));
  }

  async forget(places: readonly string[]): Promise<void> {
    if (places.length > 0) await this.redis.xdel(KEYS.results(this.run), ...places);
  }

  /** Have workers stop. */
  async cancel(): Promise<void> {
    await this.redis.set(KEYS.cancelled(this.run), '1', 'EX', RUN_EXPIRES_S);
  }

  /** Nothing of the run is wanted any more. */
  async clear(models: Iterable<string>): Promise<void> {
    await this.redis.del(KEYS.results(this.run), KEYS.chunks(this.run), ...[...models].map((hash) => KEYS.model(this.run, hash)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.waiting.disconnect();
  }

  private queueOf({ device }: OpenChunk): Queue<ChunkJob> {
    const name = queueName(this.classId, device);
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = new Queue<ChunkJob>(name, { connection: this.redis, prefix: QUEUE_PREFIX });
      queue.on('error', () => undefined); // the connection comes back by itself
      this.queues.set(name, queue);
    }
    return queue;
  }
}
