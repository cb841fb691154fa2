import { type LoadedModel, quantileOfSorted } from '@nnm/core';
import type { Slice, Visit } from '../types.ts';
import { type Clock, timeBatches } from './timing.ts';

/** What one visit is allowed to do; milliseconds of the runtime's clock. A part of the profiling policy. */
export interface VisitPlan {
  readonly turnMs: number;
  readonly sliceMs: number;
  readonly minBatchMs: number;
  readonly warmupMs: number;
  readonly slicesPerVisit: number;
  /** A visit gives its turn back after this long without a quiet probe. */
  readonly patienceMs: number;
  readonly probeWarmRuns: number;
  readonly probeTimedRuns: number;
  /** A probe at most this long is quiet; Infinity while nothing is known. */
  readonly quietMs: number;
  /** Runs made while the process had less than this share of the CPU are not accepted. */
  readonly minCpuShare: number;
}

/** The clocks of a visit, in milliseconds. */
export interface Clocks {
  readonly clock: Clock;
  /** Time that this process has spent on a CPU; absent when it says nothing about the runs. */
  readonly cpuClock?: Clock | undefined;
}

/** A visit's measurements and the time it took for them. */
export interface VisitResult {
  readonly visit: Visit;
  readonly warmupMs: number;
  readonly timedMs: number;
  readonly probeMs: number;
  /** Spent with probing until the machine became quiet again. */
  readonly waitedMs: number;
  /** Loud probes of that time, one for as long as a slice takes, so that the share of loud probes is the share of loud time. */
  readonly waitProbes: readonly number[];
  readonly warmupRuns: number;
}

/** Slices of a visit at least, however loud the machine is: unless one alone takes most of a turn. */
const MIN_SLICES = 2;
const MAX_PAUSE_MS = 20;
const MAX_TIMINGS = 256;
/** Ends the warm-up of a runtime whose clock stands still. */
const MAX_WARMUP_RUNS = 10_000;
const timings = new Float64Array(MAX_TIMINGS);
const probeTimings = new Float64Array(16);

/**
 * One probe: the reference runs a few times untimed, because right after a large kernel its own data are out of the
 * caches, then its fastest timed run counts, because a single interrupt is harmless.
 *
 * @returns milliseconds of one reference run
 */
export async function probeReference(
  reference: LoadedModel,
  clock: Clock,
  plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'>,
): Promise<number> {
  const count = plan.probeWarmRuns + Math.max(1, plan.probeTimedRuns);
  const pending = timeBatches(reference, clock, 1, count, probeTimings);
  if (pending !== undefined) await pending;
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = plan.probeWarmRuns; i < count; i++) fastest = Math.min(fastest, probeTimings[i]!);
  return fastest;
}

/**
 * Visit a loaded model: warm up, then take slices of timed runs with a reference probe after each, until enough slices lie
 * between quiet probes, the turn is over, or the machine stays loud.
 *
 * No slice starts after a loud probe: the reference is probed again until it is quiet, because most bursts of noise are
 * shorter than a slice. Only when the machine stays loud, a few slices are taken in spite of it.
 *
 * @param reference - absent: no probes, every slice counts as accepted
 */
export async function visitModel(
  model: LoadedModel,
  reference: LoadedModel | undefined,
  { clock, cpuClock }: Clocks,
  plan: VisitPlan,
): Promise<VisitResult> {
  let probeMs = 0;
  let waitedMs = 0;
  const waitProbes: number[] = [];
  const probe = async (): Promise<number> => {
    if (reference === undefined) return Number.NaN;
    const start = clock();
    const value = await probeReference(reference, clock, plan);
    probeMs += clock() - start;
    return value;
  };
  /** Probe until it is quiet or the time is up: at first without a pause, then with growing ones, which let a hot machine cool. */
  const waitForQuiet = async (untilMs: number): Promise<number> => {
    const start = clock();
    const probedMs = probeMs;
    let value = Number.POSITIVE_INFINITY;
    let keptUntil = start;
    while (value > plan.quietMs && clock() <= untilMs) {
      const pauseMs = Math.min(MAX_PAUSE_MS, (clock() - start) / 10);
      if (pauseMs >= 1) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      value = await probe();
      for (; value > plan.quietMs && keptUntil + sliceMs <= clock(); keptUntil += sliceMs) waitProbes.push(value);
    }
    probeMs = probedMs;
    waitedMs += clock() - start;
    return value;
  };

  const warmup = await warmUp(model, clock, plan.warmupMs);
  const batch = Math.max(1, Math.ceil(plan.minBatchMs / Math.max(warmup.runMs, 1e-6)));
  const batchMs = Math.max(batch * warmup.runMs, 1e-6);
  const perSlice = Math.min(MAX_TIMINGS, Math.max(1, Math.round(plan.sliceMs / batchMs)));
  const sliceMs = perSlice * batchMs;

  const slices: Slice[] = [];
  const patienceMs = Math.max(plan.patienceMs, 2 * sliceMs);
  const firstProbeMs = await probe();
  const start = clock();
  let before = firstProbeMs;
  let lastQuiet = start;
  let accepted = 0;
  let timedMs = 0;
  for (;;) {
    const waited = before > plan.quietMs;
    if (waited) before = await waitForQuiet(lastQuiet + patienceMs);
    const loud = before > plan.quietMs;
    if (loud && slices.length >= MIN_SLICES) break;
    const cpuStart = cpuClock?.() ?? Number.NaN;
    const sliceStart = clock();
    const pending = timeBatches(model, clock, batch, perSlice, timings);
    if (pending !== undefined) await pending;
    const spent = clock() - sliceStart;
    const cpuShare = ((cpuClock?.() ?? Number.NaN) - cpuStart) / spent;
    timedMs += spent;
    const after = await probe();
    slices.push({ ...summariseSlice(perSlice, batch, after, cpuShare), ...(waited && { beforeMs: round(before) }) });
    const quiet = !(after > plan.quietMs) && !(cpuShare < plan.minCpuShare);
    if (quiet && !loud) accepted++;
    before = after;

    const now = clock();
    if (quiet) lastQuiet = now;
    if (accepted >= plan.slicesPerVisit) break;
    const enoughForATurn = slices.length >= MIN_SLICES || sliceMs > plan.turnMs / 2;
    if (enoughForATurn && now - start + sliceMs / 2 > plan.turnMs) break;
    if (enoughForATurn && now - lastQuiet > patienceMs) break;
  }
  return { visit: { firstProbeMs, slices }, warmupMs: warmup.totalMs, warmupRuns: warmup.runs, timedMs, probeMs, waitedMs, waitProbes };
}

/** Run until the time is up, at least once. `runMs` is the fastest of the last runs: the first pays for cold caches and lazy set-up. */
async function warmUp(model: LoadedModel, clock: Clock, warmupMs: number): Promise<{ runMs: number; totalMs: number; runs: number }> {
  const start = clock();
  let runs = 0;
  let runMs = Number.POSITIVE_INFINITY;
  let totalMs = 0;
  do {
    const count = Math.max(1, Math.min(MAX_TIMINGS, Math.ceil((warmupMs - totalMs) / Math.max(runMs, 1e-6))));
    const pending = timeBatches(model, clock, 1, count, timings);
    if (pending !== undefined) await pending;
    runMs = Math.min(...timings.subarray(0, count));
    runs += count;
    totalMs = clock() - start;
  } while (totalMs < warmupMs && runs < MAX_WARMUP_RUNS);
  return { runMs, totalMs, runs };
}

/** The first run after a probe finds its data out of the caches; it is left out when there are enough others. */
function summariseSlice(count: number, batch: number, probeMs: number, cpuShare: number): Slice {
  const skip = count >= 4 ? 1 : 0;
  const kept = timings.slice(skip, count).sort();
  let sum = 0;
  for (const value of kept) sum += value;
  return {
    runs: kept.length * batch,
    minMs: round(kept[0]!),
    medianMs: round(quantileOfSorted(kept, 0.5)),
    meanMs: round(sum / kept.length),
    probeMs: round(probeMs),
    cpuShare: Number(cpuShare.toFixed(3)),
  };
}

/** Six significant digits: finer than any clock, and the journal stays small. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}
