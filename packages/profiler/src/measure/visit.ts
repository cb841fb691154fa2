import { type LoadedModel, quantileOfSorted } from '@nnm/core';
import { aftermathOf } from '../gate/gate.ts';
import type { Slice, Visit } from '../types.ts';
import type { Clock } from './clock-check.ts';
import { failStillClock, isStill } from './clock-check.ts';
import { MAX_TIMINGS, type RunTimer } from './timing.ts';

/** What one visit is allowed to do; milliseconds of the runtime's clock. A part of the profiling policy. */
export interface VisitPlan {
  readonly turnMs: number;
  readonly sliceMs: number;
  readonly minBatchMs: number;
  readonly warmupMs: number;
  readonly slicesPerVisit: number;
  /** Slices between two probes. */
  readonly slicesPerProbe: number;
  /** A visit gives its turn back after this long without a quiet probe. */
  readonly patienceMs: number;
  readonly probeWarmRuns: number;
  readonly probeTimedRuns: number;
  /** A probe at most this long is quiet; Infinity while nothing is known. */
  readonly quietMs: number;
  /** One at most this long shows nothing that slows the reference, and it does not rest; Infinity while nothing is known. */
  readonly clearMs: number;
  /** Longest rest. */
  readonly restMs: number;
  /** Runs made while the process had less than this share of the CPU are not accepted. */
  readonly minCpuShare: number;
  /** A process that sees a kernel for the first time runs it until it is as fast as it gets; default false. */
  readonly warmsUpFully?: boolean;
}

/** What visits are timed with; one per runtime host. */
export interface TimingTools {
  readonly timer: RunTimer;
  /** Time that this process has spent on a CPU, milliseconds; absent when it says nothing about the runs. */
  readonly cpuClock?: Clock | undefined;
  /** Smallest step of the timer's clock, milliseconds; 0 when it has none worth mentioning. */
  readonly resolutionMs: number;
  /** Reference runs that are timed together, by a clock that is too coarse for one; default 1. */
  readonly probeBatch?: number | undefined;
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
/** Waiting ends at the latest after this many times as long on the host's clock. */
const HOST_PATIENCE = 20;
/** Runs are timed in batches that last at least this many steps of a coarse clock, but at most this share of a turn... */
const STEPS_PER_BATCH = 100;
const MAX_BATCH_SHARE = 0.25;
/** ...unless that is fewer than so many steps: batches then grow until they take these, for so long at most on the host's clock. */
const MIN_STEPS_PER_BATCH = 4;
const MAX_GROWTH_MS = 10_000;
/** The first run also pays for what a runtime makes once, such as a GPU's programs, when it takes this many times as long as the next. */
const PAID_ONCE = 4;
/**
 * A model of which a turn holds few runs is run so often before it is timed: ONNX Runtime plans its memory in the first run and takes it in the
 * second, which can take three times as long as all later ones. Shorter models are timed so often that the fastest runs are later ones...
 */
const LONG_WARM_UP_RUNS = 3;
const LONG_SHARE = 1 / 16;
/** ...but no more is begun after this long. */
const LONG_WARM_UP_MS = 10_000;
/** A slice that takes so many times as long as it should, and a second more, was stopped by the machine's sleep or a stop signal. */
const STOPPED = 10;
const STOPPED_MS = 1000;
/** So often in a visit, or the kernel itself is like that. */
const MAX_STOPS = 2;
/** A clock's step is worth mentioning when it is more than this share of a run. */
const NOTABLE_STEP = 0.01;

/**
 * One probe: the reference runs a few times untimed, because right after a large kernel its own data are out of the
 * caches, then its fastest timed run counts, because a single interrupt is harmless.
 *
 * @param batch - runs that are timed together
 * @returns milliseconds of one reference run
 */
export async function probeReference(
  reference: LoadedModel,
  timer: RunTimer,
  plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'>,
  batch = 1,
): Promise<number> {
  const count = Math.min(MAX_TIMINGS, plan.probeWarmRuns + Math.max(1, plan.probeTimedRuns));
  const times = await timer.time(reference, batch, count);
  return smallest(times.subarray(Math.min(plan.probeWarmRuns, count - 1)));
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
  { timer, cpuClock, resolutionMs, probeBatch }: TimingTools,
  plan: VisitPlan,
): Promise<VisitResult> {
  const { clock, hostClock } = timer;
  let probeMs = 0;
  let waitedMs = 0;
  const waitProbes: number[] = [];
  const probe = async (): Promise<number> => {
    if (reference === undefined) return Number.NaN;
    const start = clock();
    const value = await probeReference(reference, timer, plan, probeBatch);
    probeMs += timer.since(start);
    return value;
  };
  /** Probe, after a loud probe, until it is quiet or the time is up: at first without a pause, then with growing ones, which let a hot machine cool. */
  const waitForQuiet = async (loudMs: number, quietMs: number, untilMs: number): Promise<number> => {
    const start = clock();
    const probedMs = probeMs;
    let value = loudMs;
    let keptUntil = start;
    // A clock that hardly moves must not make this last for ever.
    const hostUntilMs = hostClock() + HOST_PATIENCE * Math.max(1, untilMs - start);
    while (value > quietMs && clock() <= untilMs && hostClock() <= hostUntilMs) {
      const pauseMs = Math.min(MAX_PAUSE_MS, (clock() - start) / 10);
      if (pauseMs >= 1) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      value = await probe();
      for (; value > quietMs && keptUntil + sliceMs <= clock(); keptUntil += sliceMs) waitProbes.push(value);
    }
    probeMs = probedMs;
    waitedMs += timer.since(start);
    return value;
  };

  /** Run the reference alone until it is as fast as it gets: what the kernel has done to the clock is over then. */
  const rest = async (): Promise<number> => {
    const start = clock();
    const hostUntilMs = hostClock() + HOST_PATIENCE * Math.max(1, plan.restMs);
    let restedMs = Number.POSITIVE_INFINITY;
    do restedMs = Math.min(restedMs, await probe());
    while (restedMs > plan.clearMs && timer.since(start) < plan.restMs && hostClock() <= hostUntilMs);
    return restedMs;
  };

  const warmup = await warmUp(model, timer, plan);
  let clockStepMs = Math.max(resolutionMs, warmup.stepMs);
  const coarseMs = Math.min(STEPS_PER_BATCH * clockStepMs, MAX_BATCH_SHARE * plan.turnMs);
  const fit = (runMs: number) => {
    const batch = Math.max(1, Math.ceil(Math.max(plan.minBatchMs, coarseMs) / Math.max(runMs, 1e-6)));
    return { batch, batchMs: batch * Math.max(runMs, 1e-6) };
  };
  let { batch, batchMs } = fit(warmup.runMs);
  if (coarseMs < MIN_STEPS_PER_BATCH * clockStepMs) ({ batch, batchMs } = await growBatch(model, timer, batch, clockStepMs));
  let perSlice = seriesLength(plan, batchMs);
  let sliceMs = perSlice * batchMs;
  // A slice is one run, by the word of a single run: the next one confirms it.
  let isDoubted = warmup.runs === 1 && batch === 1 && perSlice === 1;

  const slices: Slice[] = [];
  const firstProbeMs = await probe();
  const restedMs = firstProbeMs > plan.clearMs ? await rest() : undefined;
  const made = { firstProbeMs, ...(restedMs !== undefined && { restedMs: round(restedMs) }), slices };
  const start = clock();
  let before = restedMs ?? firstProbeMs;
  let isRested = restedMs !== undefined;
  /** A probe behind the kernel at most this long is quiet: what the kernel itself does to the clock is no noise. */
  const quietBehind = (): number => plan.quietMs * aftermathOf([made], undefined);
  let lastQuiet = start;
  let accepted = 0;
  let timedMs = 0;
  let stops = 0;
  for (;;) {
    const patienceMs = Math.max(plan.patienceMs, 2 * sliceMs);
    const quietMs = quietBehind();
    const waited = isRested || before > quietMs;
    if (before > quietMs) before = await waitForQuiet(before, quietMs, lastQuiet + patienceMs);
    isRested = false;
    const loud = before > quietMs;
    if (loud && slices.length >= MIN_SLICES) break;
    const group: Slice[] = [];
    const groupSize = Math.max(1, Math.min(plan.slicesPerProbe, plan.slicesPerVisit - accepted, Math.floor(plan.turnMs / 2 / sliceMs)));
    while (group.length < groupSize) {
      const cpuStart = cpuClock?.() ?? Number.NaN;
      const sliceStart = clock();
      const hostStart = hostClock();
      const times = await timer.time(model, batch, perSlice);
      const spent = timer.since(sliceStart);
      if (times.every((time) => time === 0)) {
        // Its steps are larger than they seemed to be: they show only now.
        if (slices.length > 0) failStillClock(times.length * batch, hostClock() - hostStart);
        ({ batch, batchMs, stepMs: clockStepMs } = await growBatch(model, timer, 2 * batch, clockStepMs));
        perSlice = seriesLength(plan, batchMs);
        sliceMs = perSlice * batchMs;
        continue;
      }
      if (stops < MAX_STOPS && spent > STOPPED * sliceMs + STOPPED_MS) {
        stops++;
        continue;
      }
      const fastestMs = smallest(times);
      // A run that was slowed down, or so short that reading the clock was most of it, tells of too few runs to a batch.
      const tooFew = fit(fastestMs).batch >= 2 * batch;
      if (tooFew || (isDoubted && PAID_ONCE * fastestMs < warmup.runMs)) {
        warmup.totalMs += spent;
        warmup.runs += times.length * batch;
        ({ batch, batchMs } = fit(fastestMs));
        perSlice = seriesLength(plan, batchMs);
        sliceMs = perSlice * batchMs;
        isDoubted = false;
        continue;
      }
      isDoubted = false;
      const stepMs = clockStepMs / batch;
      const cpuShare = ((cpuClock?.() ?? Number.NaN) - cpuStart) / spent;
      timedMs += spent;
      const slice = summariseSlice(times, batch, cpuShare);
      group.push({
        ...slice,
        ...((waited || group.length > 0) && { beforeMs: round(before) }),
        ...(stepMs > NOTABLE_STEP * slice.medianMs && { stepMs: round(stepMs) }),
      });
    }
    const after = await probe();
    slices.push(...group.map((slice) => ({ ...slice, probeMs: round(after) })));
    const keptCpu = group.filter(({ cpuShare }) => !(cpuShare < plan.minCpuShare)).length;
    const isQuiet = !(after > quietBehind());
    const quiet = isQuiet && keptCpu === group.length;
    if (isQuiet && !loud) accepted += keptCpu;
    before = after;

    const now = clock();
    if (quiet) lastQuiet = now;
    if (accepted >= plan.slicesPerVisit) break;
    const enoughForATurn = slices.length >= MIN_SLICES || sliceMs > plan.turnMs / 2;
    if (enoughForATurn && now - start + sliceMs / 2 > plan.turnMs) break;
    if (enoughForATurn && now - lastQuiet > patienceMs) break;
  }
  return { visit: made, warmupMs: warmup.totalMs, warmupRuns: warmup.runs, timedMs, probeMs, waitedMs, waitProbes };
}

/** Batches in a slice. */
function seriesLength({ sliceMs }: VisitPlan, batchMs: number): number {
  return Math.min(MAX_TIMINGS, Math.max(1, Math.round(sliceMs / batchMs)));
}

/** Runs that are timed together, what they take, and the step of the clock, which may show only in them; milliseconds. */
interface Batch {
  readonly batch: number;
  readonly batchMs: number;
  readonly stepMs: number;
}

/**
 * The runs to time together by a clock whose steps are so large that nothing is known of one run: as many as take a few steps. What ends
 * before that, because it takes too long, is timed as it is, and flagged.
 *
 * @param knownStepMs - 0 when nothing is known
 * @throws {@link RuntimeClockError} when the clock does not move at all
 */
async function growBatch(model: LoadedModel, timer: RunTimer, guess: number, knownStepMs: number): Promise<Batch> {
  const hostStart = timer.hostClock();
  let runs = 0;
  let stepMs = knownStepMs;
  for (let batch = guess; ; batch *= 2) {
    const [runMs = 0] = await timer.time(model, batch, 1);
    const batchMs = batch * runMs;
    const hostMs = timer.hostClock() - hostStart;
    runs += batch;
    if (batchMs === 0) {
      if (isStill(runs, hostMs)) failStillClock(runs, hostMs);
      continue;
    }
    // The first that is not 0 after one that was is about a step.
    if (stepMs === 0) stepMs = batchMs;
    // Of readings that are whole steps, sums are so in all but the last bits.
    if (batchMs > (MIN_STEPS_PER_BATCH - 0.5) * stepMs || hostMs > MAX_GROWTH_MS) return { batch, batchMs, stepMs };
  }
}

interface WarmUp {
  /** Of one run. */
  readonly runMs: number;
  totalMs: number;
  runs: number;
  /** Step of a clock that gives some runs no time at all; 0 of any other. */
  readonly stepMs: number;
}

/**
 * Run until the time is up, at least once. `runMs` is the fastest of the last runs: the first pays for cold caches and lazy
 * set-up. Of a clock too coarse for single runs it is their mean.
 */
async function warmUp(model: LoadedModel, timer: RunTimer, { warmupMs, turnMs }: VisitPlan): Promise<WarmUp> {
  const start = timer.clock();
  const hostStart = timer.hostClock();
  let runs = 0;
  let runMs = Number.POSITIVE_INFINITY;
  let totalMs = 0;
  let stepMs = Number.POSITIVE_INFINITY;
  let sawNone = false;
  do {
    const wanted = Math.ceil((warmupMs - totalMs) / Math.max(runMs, 1e-6));
    // Nothing is known of the first run, and nothing of runs that a coarse clock gives no time for.
    const count = Math.max(1, Math.min(MAX_TIMINGS, wanted, 2 * runs));
    const times = await timer.time(model, 1, count);
    runMs = smallest(times);
    sawNone ||= runMs === 0;
    stepMs = Math.min(stepMs, smallest(times.filter((time) => time > 0)));
    runs += count;
    totalMs = timer.since(start);
    const hostMs = timer.hostClock() - hostStart;
    if (totalMs === 0 && isStill(runs, hostMs)) failStillClock(runs, hostMs);
  } while (totalMs < warmupMs || totalMs === 0 || (runs < LONG_WARM_UP_RUNS && runMs > LONG_SHARE * turnMs && totalMs < LONG_WARM_UP_MS));
  return { runMs: sawNone ? totalMs / runs : runMs, totalMs, runs, stepMs: sawNone ? stepMs : 0 };
}

/** The first run after a probe finds its data out of the caches; it is left out when there are enough others. */
function summariseSlice(times: Float64Array, batch: number, cpuShare: number): Slice {
  const skip = times.length >= 4 ? 1 : 0;
  const kept = times.subarray(skip).sort();
  let sum = 0;
  for (const value of kept) sum += value;
  return {
    runs: kept.length * batch,
    minMs: round(kept[0]!),
    medianMs: round(quantileOfSorted(kept, 0.5)),
    meanMs: round(sum / kept.length),
    probeMs: Number.NaN,
    cpuShare: Number(cpuShare.toFixed(3)),
  };
}

function smallest(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** Six significant digits: finer than any clock, and the journal stays small. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}
