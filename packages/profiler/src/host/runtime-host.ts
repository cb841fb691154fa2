import type { LoadedModel, ProfiledPart, RuntimeFactory, RuntimeInfo, Tensor } from '@nnm/core';
import { NoProfileError, RuntimeLostError } from '../errors.ts';
import { type Clock, type ClockReport, checkClock } from '../measure/clock-check.ts';
import { isFineCpuClock } from '../measure/cpu-clock.ts';
import { RunTimer } from '../measure/timing.ts';
import { probeReference, type VisitPlan, type VisitResult, visitModel } from '../measure/visit.ts';
import { warmUp } from '../measure/warm-up.ts';
import { checkModel, checkOutputs, checkRuntime } from './check-runtime.ts';
import type { ModelDelivery } from './model-cache.ts';

/** A started runtime that the engine sends its requests to: in a child process or in this one. */
export interface RuntimeHost {
  readonly info: RuntimeInfo;
  /** What its clock was found to be; undefined without a reference to try it with. */
  readonly clock: ClockReport | undefined;
  /** Why there are no reference probes although there is a reference. */
  readonly notGated?: string | undefined;
  /** Load, measure, close. */
  visit(delivery: ModelDelivery, plan: VisitPlan): Promise<HostVisitResult>;
  /** Probe the reference for about `durationMs`; empty without a reference. */
  probe(durationMs: number, plan: ProbePlan): Promise<readonly number[]>;
  /** Load, run once on these inputs, close. */
  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  /** What each part of a model takes in place, by the runtime's own profile. @throws {@link NoProfileError} */
  profile(model: Uint8Array, runs: number): Promise<readonly ProfiledPart[]>;
  close(): Promise<void>;
}

/** Reference runs of a probe. */
type ProbePlan = Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'>;

/** A visit and what loading and closing the model cost. */
export interface HostVisitResult extends VisitResult {
  readonly loadMs: number;
}

/**
 * A clock with steps of more than this share of a reference run cannot tell a quiet moment from a loud one by single runs. As many are timed
 * together then as make a step this share of them, unless that takes too long between two slices.
 */
const COARSE = 0.02;
const STEP_OF_PROBE = 0.01;
const MAX_PROBE_RUN_MS = 6;
/** Nothing of a run this long depends on what the caches held before: a probe is one such run... */
export const SLOW_REFERENCE_MS = 5;
/** ...and there are no probes where one would take as much of a turn as the kernel itself. */
const MAX_REFERENCE_MS = 40;
/** Probing for some time ends, whatever the runtime's clock says, after this many probes or this many times as long here. */
const MAX_PROBES = 100_000;
const HOST_PATIENCE = 10;
const MIN_PROBING_MS = 200;
/** How often it is looked whether a device is lost while something is done on it. */
const LOSS_CHECK_MS = 250;

/** The clocks of where a host runs. */
export interface HostClocks {
  /** What the runtime's own clock is checked by. Default: this process's own. */
  readonly hostClock?: Clock | undefined;
  /** Time that this process has spent on a CPU, milliseconds; absent where it cannot be told. */
  readonly cpuClock?: Clock | undefined;
}

/**
 * Start a runtime in this process. The worker does it in the child, a page in its own worker; a backend whose runtime is a function runs
 * like this in the calling process, without isolation. Runs in browsers too.
 */
export async function startLocalHost(
  factory: RuntimeFactory<unknown>,
  settings: unknown,
  referenceModel: Uint8Array | undefined,
  { hostClock, cpuClock: ownCpuClock }: HostClocks = {},
): Promise<RuntimeHost> {
  const runtime = checkRuntime(await factory(settings));
  const timer = new RunTimer(runtime.now?.bind(runtime) ?? (() => performance.now()), hostClock);
  // Only on one thread does CPU time stand still while a run waits.
  const tellsOfRuns = runtime.now === undefined && runtime.info.threads === 1;
  const cpuClock = tellsOfRuns && ownCpuClock !== undefined && isFineCpuClock(ownCpuClock) ? ownCpuClock : undefined;
  let reference = referenceModel === undefined ? undefined : checkModel(await runtime.load(referenceModel));
  let clock = reference === undefined ? undefined : await checkClock(timer.clock, () => reference!.run(), timer.hostClock);
  let notGated: string | undefined;
  let probeBatch = 1;
  if (clock !== undefined && clock.resolutionMs > COARSE * clock.runMs) {
    probeBatch = Math.ceil(clock.resolutionMs / (STEP_OF_PROBE * clock.runMs));
  }
  const isTooCoarse = clock !== undefined && probeBatch > 1 && !(probeBatch * clock.runMs <= MAX_PROBE_RUN_MS);
  const isTooSlow = clock !== undefined && clock.runMs > MAX_REFERENCE_MS;
  if (reference !== undefined && clock !== undefined && (isTooCoarse || isTooSlow)) {
    notGated = isTooSlow
      ? `a run of the reference takes ${clock.runMs.toFixed(0)} ms here, too long for probes between the runs of a kernel`
      : `the runtime's clock has steps of ${clock.resolutionMs} ms, too coarse for probes of the reference`;
    await reference.close();
    reference = undefined;
  }
  const isSlow = clock !== undefined && clock.runMs > SLOW_REFERENCE_MS;
  const probing = <P extends ProbePlan>(plan: P): P => (isSlow ? { ...plan, probeWarmRuns: 0, probeTimedRuns: 1 } : plan);
  // Or the first probes would be slower than all that follow, and what is quiet look loud.
  if (reference !== undefined && clock !== undefined && !isSlow) await warmUp(reference, timer, clock.runMs);

  const kept = new Map<string, Uint8Array>();
  /** Kernels whose code has been compiled as far as it gets. */
  const warm = new Set<string>();

  const failIfLost = (): void => {
    const reason = runtime.lost?.();
    if (reason !== undefined) throw new RuntimeLostError({ reason });
  };
  /** Nothing counts of what was done on a device that was lost meanwhile, and what waits for one that is gone may wait for ever. */
  const unlessLost = async <T>(work: () => Promise<T>): Promise<T> => {
    if (runtime.lost === undefined) return work();
    let watch: ReturnType<typeof setInterval> | undefined;
    const loss = new Promise<never>((_, reject) => {
      const look = (): void => {
        try {
          failIfLost();
        } catch (error) {
          reject(error);
        }
      };
      watch = setInterval(look, LOSS_CHECK_MS);
    });
    try {
      const result = await Promise.race([work(), loss]);
      failIfLost();
      return result;
    } catch (error) {
      // A runtime may hear of it only after what has failed for it.
      await new Promise((resolve) => setTimeout(resolve));
      failIfLost();
      throw error;
    } finally {
      clearInterval(watch);
    }
  };

  const using = async <T>(model: Uint8Array, work: (loaded: LoadedModel) => Promise<T>): Promise<T> => {
    const loaded = checkModel(await runtime.load(model));
    try {
      return await work(loaded);
    } finally {
      await loaded.close();
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One piece of work after the other: what runs beside a timed run would be timed with it. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const guarded = (): Promise<T> => unlessLost(work);
    const turn = last.then(guarded, guarded);
    // Whoever asked for the work is told of its error; the next piece starts all the same.
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    info: runtime.info,
    clock,
    notGated,
    visit: ({ id, model: sent, keep, forget }, plan) =>
      inTurn(async () => {
        for (const id of forget) kept.delete(id);
        const model = sent ?? kept.get(id);
        if (model === undefined) throw new Error(`The model of ${id} was neither sent nor kept.`);
        if (keep) kept.set(id, model);
        const start = performance.now();
        let loadMs = 0;
        let measured = 0;
        let warmupMs = 0;
        const result = await using(model, async (loaded) => {
          loadMs = performance.now() - start;
          clock ??= await checkClock(timer.clock, () => loaded.run(), timer.hostClock);
          if (plan.warmsUpFully && !warm.has(id)) {
            warm.add(id);
            const warmupStart = timer.clock();
            await warmUp(loaded, timer, Math.min(...(await timer.time(loaded, 1, 2))));
            warmupMs = timer.since(warmupStart);
          }
          const tools = { timer, cpuClock, resolutionMs: clock.resolutionMs, probeBatch };
          const visited = await visitModel(loaded, reference, tools, probing(plan));
          measured = performance.now();
          return visited;
        });
        loadMs += performance.now() - measured;
        return { ...result, warmupMs: result.warmupMs + warmupMs, loadMs };
      }),
    probe: (durationMs, plan) =>
      inTurn(async () => {
        if (reference === undefined) return [];
        const probes: number[] = [];
        const start = timer.clock();
        const hostEnd = timer.hostClock() + Math.max(MIN_PROBING_MS, HOST_PATIENCE * durationMs);
        // However its clock counts, probing comes to an end.
        do probes.push(await probeReference(reference, timer, probing(plan), probeBatch));
        while (timer.since(start) < durationMs && probes.length < MAX_PROBES && timer.hostClock() < hostEnd);
        return probes;
      }),
    execute: (model, inputs) => inTurn(() => using(model, async (loaded) => checkOutputs(await loaded.execute(inputs)))),
    profile: (model, runs) =>
      inTurn(async () => {
        if (runtime.profile === undefined) throw new NoProfileError({ runtime: runtime.info.runtime });
        return runtime.profile(model, runs);
      }),
    close: () =>
      inTurn(async () => {
        await reference?.close();
        await runtime.close();
      }).catch((error: unknown) => {
        if (!(error instanceof RuntimeLostError)) throw error;
      }),
  };
}
