import { RuntimeClockError } from '../errors.ts';

/** A monotonic clock in milliseconds. */
export type Clock = () => number;

/** What a clock was found to be. */
export interface ClockReport {
  /** Smallest step of the clock in milliseconds; 0 when it seems to have none. No timing is better than this. */
  readonly resolutionMs: number;
  /** Milliseconds of the clock per millisecond of the host's own, while the model ran. */
  readonly rate: number;
  /** Time of one of the runs that it was checked with, milliseconds of the clock; without what the first one paid for all. */
  readonly runMs: number;
  /** Whether time passes on it while nothing runs; a simulator's, or one that adds up what a device reports, may stand still. */
  readonly ticksWhenIdle: boolean;
  /** Things worth telling the user, as full sentences. */
  readonly notes: readonly string[];
}

/** A clock that has not moved after so many runs, or for so long while there were some, stands still. */
const MAX_RUNS = 1_000_000;
const MAX_STILL_MS = 2000;
const MIN_RUNS = 8;
/** Steps to look for while nothing runs, and the longest and shortest time for it on the host's clock. */
const IDLE_STEPS = 24;
const IDLE_MS = 4;
const IDLE_MIN_MS = 0.5;
/** Steps of at least this are worth telling: batches of runs that hide them would take most of a turn. */
const COARSE_MS = 0.5;
/** A clock that ticks by itself is not in milliseconds when it is this much faster or slower than the host's. */
const WRONG_UNIT = 20;
/** Runs cannot take longer on a device than the call did here, unless their time is simulated. */
const SIMULATED = 2;
const SIMULATED_MS = 0.01;
const SIMULATED_NOTE =
  "More time passes on the runtime's clock than here while a model runs: its latencies are simulated, or not in milliseconds.";

/**
 * Check a clock before any latency is believed that was read from it: does it give numbers, does it move forward while a
 * model runs, by how large steps, and can it be in milliseconds?
 *
 * @param clock - the clock that runs are timed by
 * @param run - one inference of a loaded model; called at least eight times
 * @param hostClock - the clock of the process that does the timing
 * @throws {@link RuntimeClockError} for a clock that no latency can be read from
 */
export async function checkClock(
  clock: Clock,
  run: () => void | Promise<void>,
  hostClock: Clock = () => performance.now(),
): Promise<ClockReport> {
  const idle = readWhileIdle(clock, hostClock);
  const busy = await readWhileRunning(clock, run, hostClock);
  // A process that loses its CPU between two readings must not make a good clock look bad, nor one with long steps fast.
  const slowest = (idle.passedMs - Math.max(0, ...idle.steps)) / idle.elapsedMs.most;
  const fastest = idle.passedMs / idle.elapsedMs.least;
  if (idle.steps.length > 0 && (slowest > WRONG_UNIT || fastest < 1 / WRONG_UNIT)) {
    const rate = slowest > WRONG_UNIT ? slowest : fastest;
    throw new RuntimeClockError({ problem: `passes ${format(rate)} ms while 1 ms passes here: it must count milliseconds` });
  }
  const resolutionMs = Math.min(smallest(idle.steps), commonStep(busy.durations));
  const rate = busy.passedMs / Math.max(busy.elapsedMs, 1e-6);
  return {
    resolutionMs: Number.isFinite(resolutionMs) ? resolutionMs : 0,
    rate,
    runMs: typicalMs(busy.durations),
    ticksWhenIdle: idle.steps.length > 0,
    notes: [...(busy.isFaster ? [SIMULATED_NOTE] : []), ...coarseNotes(resolutionMs)],
  };
}

/**
 * The time between two readings of a runtime's clock.
 *
 * @throws {@link RuntimeClockError} when it is not a number or goes back
 */
export function passedBetween(earlierMs: number, laterMs: number): number {
  if (typeof laterMs !== 'number' || !Number.isFinite(laterMs) || !Number.isFinite(earlierMs)) {
    throw new RuntimeClockError({ problem: `read ${String(Number.isFinite(earlierMs) ? laterMs : earlierMs)}, which is not a time` });
  }
  if (laterMs < earlierMs) throw new RuntimeClockError({ problem: `went back by ${format(earlierMs - laterMs)} ms` });
  return laterMs - earlierMs;
}

/** @throws {@link RuntimeClockError} saying for how long it was watched */
export function failStillClock(runs: number, hostMs: number): never {
  throw new RuntimeClockError({
    problem: `stands still: it read the same before and after ${runs} runs that took ${format(hostMs)} ms here`,
  });
}

/** True when a clock that has not moved yet has had every chance to. */
export function isStill(runs: number, hostMs: number): boolean {
  return runs >= MAX_RUNS || (hostMs >= MAX_STILL_MS && runs >= MIN_RUNS);
}

function readWhileIdle(clock: Clock, hostClock: Clock) {
  const steps: number[] = [];
  const outerStart = hostClock();
  const start = clock();
  const innerStart = hostClock();
  let last = start;
  let innerEnd = innerStart;
  while (steps.length < IDLE_STEPS || innerEnd - innerStart < IDLE_MIN_MS) {
    const hostNow = hostClock();
    if (hostNow - innerStart >= IDLE_MS) break;
    // Read before the clock is: what it says of the time between is the least that passed.
    innerEnd = hostNow;
    const now = clock();
    const step = passedBetween(last, now);
    if (step > 0) steps.push(step);
    last = now;
  }
  return { steps, passedMs: last - start, elapsedMs: { least: innerEnd - innerStart, most: hostClock() - outerStart } };
}

async function readWhileRunning(clock: Clock, run: () => void | Promise<void>, hostClock: Clock) {
  const durations: number[] = [];
  const hostStart = hostClock();
  const start = clock();
  let last = start;
  let faster = 0;
  while (durations.length < MIN_RUNS || last === start) {
    const runStart = hostClock();
    const pending = run();
    if (pending !== undefined) await pending;
    const now = clock();
    const hostMs = hostClock() - runStart;
    const passedMs = passedBetween(last, now);
    durations.push(passedMs);
    if (passedMs > SIMULATED * hostMs + SIMULATED_MS) faster++;
    last = now;
    const runs = durations.length;
    if (last === start && isStill(runs, hostClock() - hostStart)) failStillClock(runs, hostClock() - hostStart);
  }
  // A run that lost its CPU took long here, so one alone says nothing.
  return { durations, passedMs: last - start, elapsedMs: hostClock() - hostStart, isFaster: 2 * faster > durations.length };
}

/** The first run also pays for what a runtime makes once, such as a GPU's programs, when it takes this many times as long as the others. */
const PAID_ONCE = 4;

/** Mean of the runs, the first one left out where it says nothing of the others. */
function typicalMs(durations: readonly number[]): number {
  const [first = 0, ...others] = durations;
  const sum = others.reduce((total, value) => total + value, 0);
  const ofOthers = sum / Math.max(1, others.length);
  return sum > 0 && first > PAID_ONCE * ofOthers ? ofOthers : (first + sum) / Math.max(1, durations.length);
}

/** What large steps mean for latencies; nothing to say of small ones, or when none were found. */
function coarseNotes(resolutionMs: number): readonly string[] {
  if (!Number.isFinite(resolutionMs) || resolutionMs < COARSE_MS) return [];
  return [
    `The runtime's clock counts in steps of ${format(resolutionMs)} ms: fast kernels are timed in long batches of runs, and flagged as limited by the clock where that is not enough.`,
  ];
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/**
 * The step that all durations are multiples of, as far as they tell: they differ by one or more of it, or some are 0. That they
 * are never 0 or all the same says nothing.
 */
function commonStep(durations: readonly number[]): number {
  const sorted = [...new Set(durations)].sort((a, b) => a - b);
  // Differences of large numbers have an error in the last bits.
  const gaps = sorted.slice(1).map((value, index) => value - sorted[index]!);
  const step = smallest(gaps.filter((gap) => gap > 1e-9));
  const isMultiple = (value: number): boolean => Math.abs(value / step - Math.round(value / step)) < 1e-3;
  return sorted.every(isMultiple) ? step : Number.POSITIVE_INFINITY;
}

function format(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
