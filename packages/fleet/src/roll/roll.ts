import { ISOLATION_KINDS } from '@nnm/profiler';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { environmentSchema, KEYS } from '../protocol.ts';
import type { DeviceClass } from './device-class.ts';
import type { ListedWorker, WorkerState } from './worker-state.ts';

/** A worker that has been silent for longer is taken for dead... */
export const SILENT_MS = 20_000;
/** ...and one that has been so for this long is forgotten. */
const FORGOTTEN_MS = 86_400_000;

const workerSchema = z.object({
  id: z.string(),
  device: z.string(),
  classId: z.string(),
  backend: z.string(),
  protocol: z.number(),
  nnm: z.string(),
  pid: z.number(),
  doing: z.enum(['waiting', 'measuring']),
  kernels: z.number(),
  at: z.number(),
});

const classSchema = z.object({
  id: z.string(),
  backend: z.string(),
  settings: z.record(z.string(), z.string()),
  environment: environmentSchema,
  isolation: z.looseObject({ kind: z.enum(ISOLATION_KINDS) }),
  protocol: z.number(),
  nnm: z.string(),
});

/** Write a worker, and the class that it is of, into the roll. The time is the server's: the clocks of devices differ. */
export async function announce(redis: Redis, worker: WorkerState, deviceClass: DeviceClass): Promise<void> {
  const at = await serverTime(redis);
  await redis
    .multi()
    .hset(KEYS.workers, worker.id, JSON.stringify({ ...worker, at }))
    .hsetnx(KEYS.classes, deviceClass.id, JSON.stringify(deviceClass))
    .exec();
}

/** Strike a worker off the roll. */
export async function strike(redis: Redis, id: string): Promise<void> {
  await redis.hdel(KEYS.workers, id);
}

/** All workers, by device and id; those that have been silent for a day are struck off. */
export async function listWorkers(redis: Redis): Promise<readonly ListedWorker[]> {
  const [now, all] = await Promise.all([serverTime(redis), redis.hgetall(KEYS.workers)]);
  const workers: ListedWorker[] = [];
  for (const [id, text] of Object.entries(all)) {
    const told = parse(text, workerSchema);
    if (told === undefined) continue; // of a version that says other things
    const { at, ...worker } = told;
    const silentMs = Math.max(0, now - at);
    if (silentMs > FORGOTTEN_MS) await strike(redis, id);
    else workers.push({ ...worker, silentMs, isLive: silentMs <= SILENT_MS });
  }
  return workers.sort((a, b) => compare(a.device, b.device) || compare(a.id, b.id));
}

/** All classes that a worker has ever been of. */
export async function listClasses(redis: Redis): Promise<readonly DeviceClass[]> {
  const texts = Object.values(await redis.hgetall(KEYS.classes));
  const all = texts.flatMap((text) => (parse(text, classSchema) as DeviceClass | undefined) ?? []);
  return all.sort((a, b) => compare(a.id, b.id));
}

/** Milliseconds since 1970 by the server's clock. */
export async function serverTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

/** Undefined for what is none of ours. */
function parse<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
