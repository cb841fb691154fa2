import {
  checkJournalLine,
  type Environment,
  type JournalLine,
  type ProfilePolicy,
  type ProfileRecord,
  type Visit,
  type VisitCost,
} from '@nnm/profiler';
import { z } from 'zod';

/** Version of what fleet members hand each other: what is in Redis under {@link KEYS}, and the jobs of the queues. */
export const PROTOCOL = 1;

/** Prefix of BullMQ's own keys. */
export const QUEUE_PREFIX = 'nnm';
const ROOT = `${QUEUE_PREFIX}:fleet`;

/** Names of the keys in Redis. */
export const KEYS = {
  /** Hash: class id → {@link DeviceClass}. */
  classes: `${ROOT}:classes`,
  /** Hash: worker id → `WorkerState`. */
  workers: `${ROOT}:workers`,
  /** Which devices of a class agree: a `Comparison`. */
  comparison: (classId: string) => `${ROOT}:comparison:${classId}`,
  /** Set: devices of a class that may share kernels. */
  agreed: (classId: string) => `${ROOT}:agreed:${classId}`,
  /** Bytes of a model by their SHA-256, one per run: another run may be done with it before. */
  model: (run: string, hash: string) => `${ROOT}:model:${run}:${hash}`,
  /** Stream of {@link ResultMessage}s; hash chunk id → {@link OpenChunk}; set while the run is given up. */
  results: (run: string) => `${ROOT}:results:${run}`,
  chunks: (run: string) => `${ROOT}:chunks:${run}`,
  cancelled: (run: string) => `${ROOT}:cancelled:${run}`,
  /** Hash: deliveries, the kernel that was begun, deaths by kernel; set: kernels that have their record. */
  chunk: (chunk: string) => `${ROOT}:chunk:${chunk}`,
  chunkDone: (chunk: string) => `${ROOT}:chunk:${chunk}:done`,
} as const;

/** What is left of a run that nobody goes on with is gone after a week, its models after a day, both in seconds. */
export const RUN_EXPIRES_S = 7 * 86_400;
export const MODEL_EXPIRES_S = 86_400;

/** Name of the queue of a class, or of one of its devices. */
export function queueName(classId: string, device?: string): string {
  return device === undefined ? classId : `${classId}@${device}`;
}

/** A chunk of work: the data of a job. */
export interface ChunkJob {
  readonly protocol: number;
  readonly nnm: string;
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
  readonly alike: boolean;
  /** All kernels of the run are in this chunk and are visited in turns, also when it comes again. */
  readonly together?: boolean | undefined;
  /** How long the worker may wait for quiet to settle what is flagged, milliseconds. */
  readonly settleWaitMs?: number | undefined;
  readonly policy: Partial<ProfilePolicy>;
  /** Hash of the reference's bytes. */
  readonly reference?: string | undefined;
  readonly kernels: readonly ChunkKernel[];
}

/** A kernel of a chunk: its id and hash in the journal, and the hash of its model's bytes. */
export interface ChunkKernel {
  readonly id: string;
  readonly hash: string;
  readonly model: string;
}

const chunkJob = z.object({
  protocol: z.number(),
  nnm: z.string(),
  run: z.string(),
  backend: z.string(),
  seed: z.number(),
  alike: z.boolean(),
  together: z.boolean().optional(),
  settleWaitMs: z.number().nonnegative().optional(),
  policy: z.record(z.string(), z.number()),
  reference: z.string().optional(),
  kernels: z.array(z.object({ id: z.string(), hash: z.string(), model: z.string() })).nonempty(),
});

/** Read the data of a job, believing nothing. @returns undefined for what is none of nnm's; of another version, perhaps only what says so */
export function parseJob(data: unknown): ChunkJob | Pick<ChunkJob, 'protocol' | 'nnm'> | undefined {
  return chunkJob.safeParse(data).data ?? chunkJob.pick({ protocol: true, nnm: true }).safeParse(data).data;
}

/** What the coordinator remembers of a chunk in Redis, so that another process can go on with it. */
export interface OpenChunk {
  /** The device whose queue it is in; absent for the queue of the class. */
  readonly device?: string | undefined;
  readonly kernels: readonly ChunkKernel[];
}

const cost = z.object({
  convertMs: z.number(),
  loadMs: z.number(),
  warmupMs: z.number(),
  timedMs: z.number(),
  probeMs: z.number(),
  waitedMs: z.number(),
});

/** What is read of an environment that another process tells. */
export const environmentSchema = z.looseObject({
  cpu: z.string(),
  cores: z.number(),
  runtime: z.looseObject({ runtime: z.string(), version: z.string(), threads: z.number(), options: z.record(z.string(), z.unknown()) }),
});

const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('kernel'),
    chunk: z.string(),
    device: z.string(),
    environment: environmentSchema,
    visits: z.array(z.object({ visit: z.unknown(), cost })),
    record: z.unknown(),
  }),
  z.object({ type: z.literal('retry'), chunk: z.string(), id: z.string(), reason: z.string() }),
  z.object({
    type: z.literal('end'),
    chunk: z.string(),
    quietShare: z
      .number()
      .nullable()
      .transform((share) => share ?? Number.NaN),
    probes: z.number(),
    doubted: z.boolean(),
    restarts: z.number(),
  }),
]);

/** What a worker tells while it works on a chunk. */
export type ResultMessage =
  | {
      readonly type: 'kernel';
      readonly chunk: string;
      readonly device: string;
      readonly environment: Environment;
      readonly visits: readonly { readonly visit: Visit; readonly cost: VisitCost }[];
      readonly record: ProfileRecord;
    }
  | { readonly type: 'retry'; readonly chunk: string; readonly id: string; readonly reason: string }
  | {
      readonly type: 'end';
      readonly chunk: string;
      readonly quietShare: number;
      readonly probes: number;
      readonly doubted: boolean;
      readonly restarts: number;
    };

/**
 * Read what a worker has told, believing nothing: every number in it is checked as one of a journal is.
 *
 * @returns undefined for what is none
 */
export function parseResult(text: string): ResultMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // no JSON: nobody of ours has told it
  }
  const checked = message.safeParse(value);
  if (!checked.success) return undefined;
  if (checked.data.type !== 'kernel') return checked.data;
  const { record, visits, ...others } = checked.data;
  const line = checkLine({ type: 'record', record });
  if (line?.type !== 'record') return undefined;
  const { id } = line.record;
  const told = visits.flatMap(({ visit, cost }) => {
    const checked = checkLine({ type: 'visit', id, visit });
    return checked?.type === 'visit' ? [{ visit: checked.visit, cost }] : [];
  });
  if (told.length !== visits.length) return undefined;
  return { ...others, environment: others.environment as unknown as Environment, record: line.record, visits: told };
}

function checkLine(line: object): JournalLine | undefined {
  const checked = checkJournalLine(Buffer.from(JSON.stringify(line)));
  return 'line' in checked ? checked.line : undefined;
}
