import { type AnyBackend, type DeviceFacts, NnmError, type ProfiledPart, type RuntimeInfo, type Tensor } from '@nnm/core';
import type { Environment } from '../environment.ts';
import { FileAccessError } from '../files/index.ts';
import { DriftLog } from '../gate/drift.ts';
import { type KnownLevel, type LevelsPlace, readLevel, slowerNotes } from '../gate/earlier-sessions.ts';
import { aftermathOf, CLEAR_SHARE } from '../gate/gate.ts';
import { defaultLevelsFile, levelsKey, referenceId, storeLevel } from '../gate/levels-file.ts';
import type { QuietJudgement } from '../gate/quiet-level.ts';
import { formatCpus, readCpuQuota } from '../host/cpu-quota.ts';
import { runsOnBattery } from '../host/machine-sensors.ts';
import { type HostVisitResult, SLOW_REFERENCE_MS } from '../host/runtime-host.ts';
import { HostSupervisor } from '../host/supervisor.ts';
import type { ClockReport } from '../measure/clock-check.ts';
import { type ProfilePolicy, policyFor } from '../policy.ts';
import { readEnvironment } from '../read-environment.ts';
import type { Timers } from '../timers.ts';
import type { DriftSummary, Isolation } from '../types.ts';
import { orAborted } from './or-aborted.ts';

/** How to start a profiling session. */
export interface SessionOptions {
  readonly backend: AnyBackend;
  /** What the backend's `parseSettings` returned; must survive structured cloning when the runtime is a module. */
  readonly settings: unknown;
  /** The reference kernel (see `referenceGraph`), lowered by the same backend. Without it there is no contention gate. */
  readonly referenceModel?: (() => Uint8Array | Promise<Uint8Array>) | undefined;
  readonly policy?: Partial<ProfilePolicy> | undefined;
  /**
   * Where quiet levels are kept between sessions; `false` keeps none. Default: the user's data folder, or none when the
   * backend's runtime is a function.
   */
  readonly levelsFile?: string | false | undefined;
  /** Forget the quiet level of earlier sessions: what this one reaches takes its place. Default false. */
  readonly relearn?: boolean | undefined;
}

/** What the machine was like while nothing but the reference ran. */
export interface NoiseReport {
  readonly seconds: number;
  /** Median slowdown of the reference relative to the quiet level, and its 90th percentile. */
  readonly slowdown: number;
  readonly drift: DriftSummary;
}

/** A started runtime, in a child process where the backend allows, with its contention gate. */
export interface ProfilerSession {
  readonly info: RuntimeInfo;
  readonly environment: Environment;
  readonly isolation: Isolation;
  /** What the device says of itself; undefined when the runtime runs on this machine. */
  readonly device: DeviceFacts | undefined;
  /** What the runtime's clock was found to be; undefined without a reference model to try it with. */
  readonly clock: ClockReport | undefined;
  /** Whether runs are gated by how quiet the machine is; where they are not, a note says why. */
  readonly gated: boolean;
  /** Things worth telling the user, as full sentences. */
  readonly notes: readonly string[];
  /** Run a model once on these inputs. */
  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  /**
   * What each part of a model takes in place, by the profile that the runtime makes itself.
   *
   * @param runs - inferences of which the median counts; the mean, where the runtime tells no more
   * @throws {@link NnmError} `ERR_NO_PROFILE` for a runtime that makes none
   */
  profile(model: Uint8Array, runs: number): Promise<readonly ProfiledPart[]>;
  /** Probe the reference for some seconds: how noisy is this machine now? @throws TypeError without a reference */
  measureNoise(seconds: number): Promise<NoiseReport>;
  /** Remember the quiet level and end the runtime. */
  close(): Promise<void>;
}

/**
 * Start a backend's runtime as the profiling engine does.
 *
 * @throws what the backend's runtime factory throws, such as {@link RuntimeUnavailableError}
 */
export async function openProfilerSession(options: SessionOptions): Promise<ProfilerSession> {
  return await MeasurementSession.open(options);
}

/** Where it is worth saying that a runtime is not pinned. */
const PINNABLE: ReadonlySet<Isolation['kind']> = new Set(['process', 'device']);

const NO_REFERENCE: { readonly model?: Uint8Array | undefined; readonly refused?: string } = {};

/** The reference kernel; a backend that lacks one of its operators has none, and measures without a gate. */
async function lowerReference({ referenceModel }: SessionOptions): Promise<typeof NO_REFERENCE> {
  try {
    return { model: await referenceModel?.() };
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_UNSUPPORTED_OPERATOR') return { refused: error.message };
    throw error;
  }
}

/** A visit and what lowering its model cost. */
export type SessionVisit = HostVisitResult & { readonly convertMs: number };

/** A session with the operations that only the engine needs. */
export class MeasurementSession implements ProfilerSession {
  readonly drift: DriftLog;
  private readonly startedMs = performance.now();
  private readonly stoppedBeforeMs = readStoppedMs();

  private constructor(
    readonly policy: ProfilePolicy,
    readonly host: HostSupervisor,
    readonly environment: Environment,
    readonly notes: string[],
    readonly clock: ClockReport | undefined,
    /** By which visits are probed, see {@link referenceId}; undefined without a gate. */
    readonly reference: string | undefined,
    private readonly levels: LevelsPlace | undefined,
    known: KnownLevel,
    /** JavaScript is compiled while it runs: what a kernel takes at first says nothing. */
    private readonly warmsUpFully: boolean,
  ) {
    this.drift = new DriftLog(known.levelMs, policy.quietTolerance, known.slower);
  }

  /** @param signal - ends the runtime at once, also while it starts; its reason is thrown then */
  static async open(
    options: SessionOptions,
    signal: AbortSignal = new AbortController().signal,
    timers?: Timers,
  ): Promise<MeasurementSession> {
    const policy = policyFor(options.backend, options.policy);
    const { model: reference, refused } = policy.gate > 0 ? await orAborted(lowerReference(options), signal) : NO_REFERENCE;
    const host = new HostSupervisor(options.backend, options.settings, reference, policy, timers);
    signal.addEventListener('abort', () => host.kill(), { once: true });
    await orAborted(host.start(), signal);
    const environment = readEnvironment(host.info, host.isolation, host.deviceFacts);
    const notes: string[] = [...(host.deviceFacts?.notes ?? [])];
    if (host.isolation.kind === 'none') notes.push('The runtime runs in this process: a crash would end the whole run.');
    if (PINNABLE.has(host.isolation.kind) && host.isolation.notPinned !== undefined)
      notes.push(`The runtime is not pinned to a CPU: ${host.isolation.notPinned}.`);
    const { clock, notGated } = host.checked;
    const gated = reference !== undefined && notGated === undefined;
    if (policy.gate === 0) notes.push('The contention gate is switched off: runs are not gated by how quiet the machine is.');
    else if (refused !== undefined)
      notes.push(`Runs are not gated by how quiet the machine is: the backend refuses the reference. ${refused}`);
    else if (reference === undefined) notes.push('There is no reference kernel: runs are not gated by how quiet the machine is.');
    if (notGated !== undefined) notes.push(`Runs are not gated by how quiet the machine is: ${notGated}.`);
    notes.push(...(clock?.notes ?? []));
    if (clock !== undefined && notGated === undefined && clock.runMs > SLOW_REFERENCE_MS)
      notes.push(
        `A run of the reference takes ${clock.runMs.toFixed(0)} ms here: kernels are timed by fewer runs, and all of it takes longer.`,
      );
    const fallback = host.isolation.kind === 'none' ? false : defaultLevelsFile();
    const file = options.levelsFile ?? fallback;
    const { relearn: anew = false } = options;
    const levels = file === false || !gated ? undefined : { file, key: levelsKey(environment, reference, host.deviceFacts?.unit), anew };
    const known = levels === undefined || anew ? {} : readLevel(levels, notes);
    const quota = host.isolation.kind === 'process' ? readCpuQuota() : undefined;
    if (quota !== undefined && quota.cpus < host.info.threads)
      notes.push(
        `All processes of this container together may use ${formatCpus(quota.cpus)}, and the runtime has ${host.info.threads === 1 ? '1 thread' : `${host.info.threads} threads`}: it is stopped again and again. Measuring takes longer, and kernels of more than some milliseconds come out too long.`,
      );
    const onBattery = host.isolation.kind === 'process' && runsOnBattery();
    if (onBattery) notes.push('This machine runs on its battery: it may be slower than when it is plugged in.');
    else if (known.slower !== undefined) notes.push(...slowerNotes(known.slower, known.levelMs!));
    const id = gated ? referenceId(reference) : undefined;
    const warmsUpFully = options.backend.startsOperatorsInJavaScript ?? false;
    return new MeasurementSession(policy, host, environment, notes, clock, id, levels, known, warmsUpFully);
  }

  get info(): RuntimeInfo {
    return this.host.info;
  }

  get gated(): boolean {
    return this.reference !== undefined;
  }

  get isolation(): Isolation {
    return this.host.isolation;
  }

  get device(): DeviceFacts | undefined {
    return this.host.deviceFacts;
  }

  /** Milliseconds since the session was opened. */
  get ageMs(): number {
    return performance.now() - this.startedMs;
  }

  /** How long the CPU quota of a container has kept its processes from running since then; 0 on a device, which does not tell. */
  get stoppedMs(): number {
    return this.isolation.kind === 'device' ? 0 : readStoppedMs() - this.stoppedBeforeMs;
  }

  judge(): QuietJudgement {
    return this.drift.judge();
  }

  /** A probe at most this long is quiet. */
  get quietMs(): number {
    return this.aboveLevel(this.policy.quietTolerance);
  }

  private aboveLevel(share: number): number {
    const { levelMs } = this.judge();
    return levelMs === undefined ? Number.POSITIVE_INFINITY : levelMs * (1 + share);
  }

  async visit(id: string, make: () => Uint8Array | Promise<Uint8Array>, patienceMs: number): Promise<SessionVisit> {
    const { quietMs, warmsUpFully } = this;
    const clearMs = this.aboveLevel(CLEAR_SHARE);
    const result = await this.host.visit(id, make, { ...this.policy, patienceMs, quietMs, clearMs, warmsUpFully });
    const { firstProbeMs, slices } = result.visit;
    const aftermath = aftermathOf([result.visit], this.judge().levelMs);
    const probes = slices.flatMap(({ beforeMs, probeMs }) => [...(beforeMs === undefined ? [] : [beforeMs]), probeMs / aftermath]);
    this.drift.add(this.ageMs, [firstProbeMs / aftermath, ...result.waitProbes, ...probes]);
    return result;
  }

  async probe(durationMs: number): Promise<void> {
    this.drift.add(this.ageMs, await this.host.probe(durationMs));
  }

  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
    return this.host.execute(model, inputs);
  }

  profile(model: Uint8Array, runs: number): Promise<readonly ProfiledPart[]> {
    return this.host.profile(model, runs);
  }

  async measureNoise(seconds: number): Promise<NoiseReport> {
    if (!this.gated) throw new TypeError('measureNoise needs a session with a reference model.');
    const end = this.ageMs + seconds * 1000;
    while (this.ageMs < end) await this.probe(Math.min(100, end - this.ageMs));
    const drift = this.drift.summarise({ measured: 0, contended: 0, flagged: 0, stoppedMs: this.stoppedMs });
    const slowdowns = drift.intervals.map((interval) => interval.slowdown).sort((a, b) => a - b);
    return { seconds, slowdown: slowdowns[Math.floor(slowdowns.length / 2)] ?? 1, drift };
  }

  async close(): Promise<void> {
    const level = this.drift.levelToKeep(new Date().toISOString());
    if (this.levels !== undefined && level !== undefined && !this.isSavingPower) {
      const { file, key, anew } = this.levels;
      try {
        storeLevel(file, key, level, { anew });
      } catch (error) {
        if (!(error instanceof FileAccessError)) throw error;
        this.notes.push(`The quiet level could not be kept for later sessions. ${error.message}`);
      }
    }
    await this.host.close();
  }

  /** Slower than it is known to be, for a reason that ends when it is plugged in. */
  private get isSavingPower(): boolean {
    const { knownLevelMs, sessionLevelMs } = this.drift;
    return knownLevelMs !== undefined && sessionLevelMs! > knownLevelMs && this.isolation.kind === 'process' && runsOnBattery();
  }
}

function readStoppedMs(): number {
  return readCpuQuota()?.stoppedMs ?? 0;
}
