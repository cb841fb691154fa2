import { z } from 'zod';
import type { JournalLine } from './journal-line.ts';

/** Milliseconds that passed. JSON has no NaN and no infinity: a number that is one of them was written as null. */
const passedMs = z.number().nonnegative();
const latencyMs = z.number().positive();
/** Unknown is written as null. */
const probeMs = passedMs.nullable().transform((value) => value ?? Number.NaN);
const count = z.int().nonnegative();

/** Rounded numbers that were in order before may differ from it by this much. */
const ROUNDING = 1e-5;
const inOrder = (...values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= values[index - 1]! * (1 - ROUNDING));

const slice = z
  .object({
    runs: z.int().positive(),
    minMs: passedMs,
    medianMs: latencyMs,
    meanMs: latencyMs,
    // Versions before this one wrote null when there was no time left to probe.
    beforeMs: passedMs.nullish().transform((value) => value ?? undefined),
    probeMs,
    cpuShare: probeMs,
    stepMs: passedMs.optional(),
  })
  .transform(({ beforeMs, ...others }) => ({ ...others, ...(beforeMs !== undefined && { beforeMs }) }))
  .refine(({ minMs, medianMs, meanMs }) => inOrder(minMs, medianMs) && inOrder(minMs, meanMs), 'times of runs that are out of order');

const stats = z
  .object({
    latencyMs,
    spreadMs: passedMs.optional(),
    repeatabilityMs: passedMs.optional(),
    meanMs: latencyMs,
    stdMs: passedMs.optional(),
    medianMs: latencyMs,
    minMs: passedMs,
    p10Ms: latencyMs,
    p90Ms: latencyMs,
    runs: count,
    acceptedRuns: count,
    visits: z.int().positive(),
  })
  // A statistic that this version does not know, or that an older one did not.
  .catchall(passedMs)
  .refine(({ minMs, p10Ms, medianMs, p90Ms }) => inOrder(minMs, p10Ms, medianMs, p90Ms), 'quantiles that are out of order')
  .refine(({ minMs, latencyMs }) => inOrder(minMs, latencyMs), 'a latency below the fastest run')
  .refine(({ acceptedRuns, runs }) => acceptedRuns <= runs, 'more accepted runs than runs');

const record = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    id: z.string(),
    hash: z.string().optional(),
    stats,
    flags: z.array(z.enum(['contended', 'unstable', 'clock', 'budget', 'corrected'])),
    slowdown: z.number().positive(),
    quietLevelMs: latencyMs.optional(),
    correction: z
      .object({ latencyMs, repeatabilityMs: passedMs, dividedBy: z.number().positive(), kernels: z.int().positive() })
      .optional(),
  }),
  z.object({
    status: z.literal('failed'),
    id: z.string(),
    hash: z.string().optional(),
    error: z.object({ code: z.string(), message: z.string() }),
  }),
]);

const environment = z.looseObject({
  runtime: z.looseObject({
    runtime: z.string(),
    version: z.string(),
    threads: z.number(),
    layout: z.string().optional(),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
});

const origin = z.object({ run: z.string(), device: z.string().optional() }).optional();

const line = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('header') }),
  z.object({ type: z.literal('session'), at: z.string(), environment, reference: z.string().optional(), origin }),
  z.object({
    type: z.literal('visit'),
    id: z.string(),
    hash: z.string().optional(),
    visit: z.object({ firstProbeMs: probeMs, restedMs: latencyMs.optional(), slices: z.array(slice).nonempty('a visit without runs') }),
  }),
  z.object({ type: z.literal('begun'), id: z.string(), hash: z.string().optional() }),
  z.object({ type: z.literal('crash'), id: z.string(), hash: z.string().optional(), reason: z.string() }),
  z.object({ type: z.literal('record'), record }),
]);

/** A line of a journal, or what is wrong with it. */
export type CheckedLine = { readonly line: JournalLine } | { readonly problem: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Check one line of a journal: its characters, its JSON, and every number in it. */
export function checkJournalLine(bytes: Uint8Array): CheckedLine {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'it is not JSON' };
    if (error instanceof TypeError) return { problem: 'it is not UTF-8 text' };
    throw error;
  }
  const checked = line.safeParse(value);
  if (checked.success) return { line: checked.data as unknown as JournalLine };
  const [issue] = checked.error.issues;
  return { problem: `${issue!.path.join('.') || 'its content'}: ${issue!.message}` };
}
