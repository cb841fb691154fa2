import { NnmError, type ProfiledPart, type Tensor } from '@nnm/core';
import { z } from 'zod';
import type { VisitPlan } from '../measure/visit.ts';
import type { ModelDelivery } from './model-cache.ts';
import type { HostVisitResult, RuntimeHost } from './runtime-host.ts';

/** What the engine asks of the worker, which answers one request after the other. `start` (the reference), `visit`, `execute` and `profile` come with a model. */
export type WorkerRequest =
  | { readonly type: 'start'; readonly runtime: string; readonly settings: unknown }
  | { readonly type: 'visit'; readonly delivery: Omit<ModelDelivery, 'model'>; readonly plan: VisitPlan }
  | { readonly type: 'probe'; readonly durationMs: number; readonly plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'> }
  | { readonly type: 'execute'; readonly inputs: readonly Tensor[] }
  | { readonly type: 'profile'; readonly runs: number }
  | { readonly type: 'close' };

/**
 * A request on its way. A model follows on the worker's standard input: the IPC channel would serialise and copy it, which
 * took longer than loading it.
 */
export interface WorkerMessage {
  readonly request: WorkerRequest;
  /** Length of the model; absent when there is none. */
  readonly modelBytes?: number;
}

/** What the worker answers to each kind of request; `rssBytes` is the memory that its process has by then. */
export interface WorkerAnswers {
  readonly start: Pick<RuntimeHost, 'info' | 'clock' | 'notGated'> & { readonly rssBytes: number };
  readonly visit: HostVisitResult & { readonly rssBytes: number };
  readonly probe: readonly number[];
  readonly execute: readonly Tensor[];
  readonly profile: readonly ProfiledPart[];
  readonly close: undefined;
}

/** An error that crossed the process boundary: code, message and hint survive, the class does not. */
export interface WorkerErrorData {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
}

export type WorkerReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WorkerErrorData };

const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), stack: z.string().optional() }),
  }),
]);

const time = z.number().nonnegative();
/** NaN where it is not known. */
const probe = z.custom<number>((value) => typeof value === 'number' && !(value < 0), 'must be a number of milliseconds');
const info = z.object({
  runtime: z.string(),
  version: z.string(),
  threads: z.int().positive(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  layout: z.string().optional(),
  timing: z.string().optional(),
});

/** What a worker's answer must be: the runtime in it is somebody else's code, and its numbers become labels. */
const answers = {
  start: z.object({
    info,
    clock: z
      .object({ resolutionMs: time, rate: z.number(), runMs: time, ticksWhenIdle: z.boolean(), notes: z.array(z.string()) })
      .optional(),
    notGated: z.string().optional(),
    rssBytes: time,
  }),
  visit: z.object({
    visit: z.object({
      firstProbeMs: probe,
      restedMs: z.number().positive().optional(),
      slices: z
        .array(
          z.object({
            runs: z.int().positive(),
            minMs: time,
            medianMs: z.number().positive(),
            meanMs: z.number().positive(),
            beforeMs: time.optional(),
            probeMs: probe,
            cpuShare: probe,
            stepMs: time.optional(),
          }),
        )
        .nonempty(),
    }),
    warmupMs: time,
    timedMs: time,
    probeMs: time,
    waitedMs: time,
    waitProbes: z.array(time),
    warmupRuns: z.int().positive(),
    loadMs: time,
    rssBytes: time,
  }),
  probe: z.array(time),
  execute: z.array(z.object({ shape: z.array(z.int().positive()), data: z.instanceof(Float32Array) })),
  profile: z.array(
    z.object({
      operators: z.array(z.string()),
      values: z.array(z.string()),
      reorders: z.array(z.string()).optional(),
      nodes: z.array(z.string()).optional(),
      latencyMs: time,
    }),
  ),
  close: z.undefined(),
} as const;

/** @throws {@link NnmError} for a message that is no reply */
export function parseReply(message: unknown): WorkerReply {
  return parsed(reply, message, 'a reply');
}

/** @throws {@link NnmError} for an answer that is none to this kind of request */
export function parseAnswer<T extends WorkerRequest['type']>(type: T, value: unknown): WorkerAnswers[T] {
  return parsed<unknown>(answers[type], value, `an answer to "${type}"`) as WorkerAnswers[T];
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 3);
  throw new NnmError({
    code: 'ERR_RUNTIME_FAILURE',
    message: `The profiling process sent something that is not ${what}: ${problems.join('; ')}.`,
    hint: 'Correct what the runtime returns: `nnm plugins check` tries it alone.',
  });
}
