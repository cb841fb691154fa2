import type { RuntimeInfo } from '@nnm/core';
import type { Environment, IsolationKind } from './environment.ts';

/** Summary of a kernel's timed runs. All latencies are milliseconds of one inference. */
export interface LatencyStats {
  /** The chosen statistic: what predictors learn and the latency file shows. */
  readonly latencyMs: number;
  /** Standard deviation of the accepted slices: what the latency file shows behind `+-`. Absent with one slice, which tells of no spread. */
  readonly spreadMs?: number;
  /**
   * Standard deviation expected of `latencyMs` if it were measured again, from the visits that confirm each other. A runtime's
   * clock that counts in steps adds its error. Absent with one visit: it says nothing of another.
   */
  readonly repeatabilityMs?: number;
  readonly meanMs: number;
  readonly stdMs?: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly p10Ms: number;
  readonly p90Ms: number;
  /** Timed runs made, and those between quiet reference probes. */
  readonly runs: number;
  readonly acceptedRuns: number;
  /** Visits in which they were made. */
  readonly visits: number;
}

/**
 * Why a measurement is less certain than asked for.
 *
 * - `contended`: too few runs between quiet probes; the value leans on runs made while something else used the machine
 * - `unstable`: the visits do not agree with each other
 * - `clock`: the steps of the runtime's clock are too coarse for it
 * - `budget`: the run's budget ended before the measurement was finished
 * - `corrected`: `contended`, and the latency is what it would be without the noise, as far as other kernels tell
 */
export type MeasurementFlag = 'contended' | 'unstable' | 'clock' | 'budget' | 'corrected';

/** What came of profiling one kernel: success or failure is data, nothing is dropped. */
export type ProfileRecord = ProfiledRecord | FailedRecord;

/** A measured kernel. */
export interface ProfiledRecord {
  readonly status: 'ok';
  readonly id: string;
  /** What was measured, see {@link ProfileJob}; absent in journals from before it was kept. */
  readonly hash?: string | undefined;
  readonly stats: LatencyStats;
  readonly flags: readonly MeasurementFlag[];
  /** Reference speed during the accepted runs, relative to the quiet level: 1 is quiet, 2 half speed; 1 without a gate. */
  readonly slowdown: number;
  /** Quiet level of the reference, in milliseconds, by which the runs were judged; absent without a gate. */
  readonly quietLevelMs?: number;
  /** What it would take in a quiet moment, of a kernel that met none; `stats` are what was measured. */
  readonly correction?: Correction;
}

/** A latency that was corrected by what kernels of the same run suffered which were also measured in quiet moments. */
export interface Correction {
  readonly latencyMs: number;
  /** Standard deviation expected of it, from how unequally those kernels suffered and how far the visits lie apart. */
  readonly repeatabilityMs: number;
  /** What the runs were divided by. */
  readonly dividedBy: number;
  /** Kernels that this was learned from. */
  readonly kernels: number;
}

/** A kernel without a latency, and why. */
export interface FailedRecord {
  readonly status: 'failed';
  readonly id: string;
  readonly hash?: string | undefined;
  /** `ERR_...` code and one sentence. */
  readonly error: { readonly code: string; readonly message: string };
}

/** Kernels that failed for the same reason. */
export interface FailureGroup {
  readonly code: string;
  /** The message of the first of them. */
  readonly message: string;
  readonly count: number;
  /** Up to three of them. */
  readonly ids: readonly string[];
}

/** One kernel to profile. */
export interface ProfileJob {
  /** Unique in the run and stable between runs: the journal knows a job by it. */
  readonly id: string;
  /** What is measured, see `graphHash`: measurements that the journal holds of another hash do not count. */
  readonly hash: string;
  /** The lowered model; called when the kernel's turn comes. A throw becomes a failed record. */
  readonly model: () => Uint8Array | Promise<Uint8Array>;
}

/** Timed runs made back to back between two reference probes. Times are milliseconds of one inference. */
export interface Slice {
  readonly runs: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly meanMs: number;
  /** The reference before these runs; absent when that is the one after the previous slice, or the first of the visit. */
  readonly beforeMs?: number;
  /** The reference after these runs. NaN without a reference. */
  readonly probeMs: number;
  /** Share of the time that the process was on a CPU: below 1 when others were given it. NaN where it cannot be told. */
  readonly cpuShare: number;
  /** Step of the clock, shared over the runs that were timed together; absent when it is less than 1 % of a run. */
  readonly stepMs?: number;
}

/** What one visit to a kernel measured. */
export interface Visit {
  /** The reference before the first slice; NaN without a reference. */
  readonly firstProbeMs: number;
  /** The reference after it alone had run for some milliseconds, or until it was quiet; absent when the first probe was. */
  readonly restedMs?: number;
  readonly slices: readonly Slice[];
}

/** Where the time of a visit went, in milliseconds. */
export interface VisitCost {
  /** Lowering in this process, while a child makes another visit; 0 when the model was still there from an earlier one. */
  readonly convertMs: number;
  /** Loading the model, and closing it. */
  readonly loadMs: number;
  readonly warmupMs: number;
  readonly timedMs: number;
  readonly probeMs: number;
  /** Probing until the machine became quiet. */
  readonly waitedMs: number;
}

/** How well the runs of a session could be kept apart from other load; made from its reference probes. */
export interface DriftSummary {
  /** Share of the time that was quiet, as far as probes tell, 0 to 1; NaN without a reference. */
  readonly quietShare: number;
  readonly probes: number;
  /** The level the session judged by, the best one of earlier sessions, and the best of this one; milliseconds. */
  readonly quietLevelMs: number | undefined;
  readonly knownLevelMs: number | undefined;
  readonly sessionLevelMs: number | undefined;
  /** True when this session never came near the best level known for this machine. */
  readonly doubted: boolean;
  /** The session never came near that level: how many times slower it was, and since when no session has been faster (ISO 8601). */
  readonly unreached?: { readonly slowdown: number; readonly since?: string };
  /** Median slowdown and quiet share per interval, oldest first. */
  readonly intervals: readonly DriftInterval[];
  /** One sentence for people. */
  readonly text: string;
}

/** Reference speed during one interval of a session. */
export interface DriftInterval {
  /** Start of the interval since the session's start, milliseconds. */
  readonly atMs: number;
  readonly slowdown: number;
  readonly quietShare: number;
}

/** How models are kept apart from this process, and runs from other work. */
export interface Isolation {
  /**
   * `process`: every model runs in a child process. `none`: the backend's runtime is a function and runs in this one. `browser`: in a page
   * of a browser, in a worker of its own. `device`: in a process on another device.
   */
  readonly kind: IsolationKind;
  /** Logical CPUs of where it runs that it is pinned to; absent when it is not pinned. */
  readonly cpus?: readonly number[];
  /** Why it is not pinned. */
  readonly notPinned?: string;
}

/** What a profiling run reports while it works. */
export type ProfileEvent =
  /** The runtime runs, and the journal is read. */
  | {
      readonly type: 'started';
      readonly jobs: number;
      /** Jobs whose record the journal already holds, and those it holds visits of. */
      readonly resumed: number;
      readonly partial: number;
      /** Jobs that failed in an earlier run and are tried again. */
      readonly retried: number;
      /** Jobs that the journal holds measurements of from when they were something else: those do not count. */
      readonly changed: number;
      /** Jobs whose record does not say what was measured, as it is from an older version: it counts. */
      readonly unknownHash: number;
      readonly runtime: RuntimeInfo;
      readonly environment: Environment;
      readonly isolation: Isolation;
      readonly notes: readonly string[];
    }
  /** A kernel was visited: `visits` is how often by now. */
  | { readonly type: 'visit'; readonly id: string; readonly visit: Visit; readonly cost: VisitCost; readonly visits: number }
  /** A kernel is measured, or has failed. `revised`: an earlier record of this id no longer counts, because a quieter level was found since. */
  | { readonly type: 'record'; readonly record: ProfileRecord; readonly revised: boolean }
  /** Nothing can be measured at present, and why, as a full sentence; told again when the reason changes. */
  | { readonly type: 'waiting'; readonly reason: string }
  /** All is measured, the machine is quiet, and so many flagged kernels are visited again. */
  | { readonly type: 'settle'; readonly flagged: number }
  /** The worker died, is restarted or was stopped by the budget; the kernel goes back into the queue, or is left to the next run. */
  | { readonly type: 'retry'; readonly id: string; readonly reason: string }
  /** How far the run is, after every visit. */
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly jobs: number;
      readonly elapsedMs: number;
      /** Estimated time left, milliseconds, by how the run has gone; undefined until a twentieth of the jobs is done. */
      readonly leftMs: number | undefined;
      readonly quietShare: number;
    }
  /** All is measured, or the budget is used up. */
  | { readonly type: 'finished'; readonly summary: ProfileSummary };

/** What a profiling run ends with. */
export interface ProfileSummary {
  /** One record per job that has one, in the order of the jobs; the final word on each. */
  readonly records: readonly ProfileRecord[];
  /** Jobs without a record because the budget ended first; profiling again with the same journal continues with them. */
  readonly unmeasured: readonly string[];
  /** Why kernels failed, the most frequent reason first. */
  readonly failures: readonly FailureGroup[];
  readonly environment: Environment;
  readonly isolation: Isolation;
  readonly drift: DriftSummary;
  readonly counts: {
    readonly ok: number;
    readonly failed: number;
    readonly flagged: number;
    /** Kernels some of whose runs were rejected. */
    readonly contended: number;
    readonly visits: number;
    readonly workerRestarts: number;
  };
  readonly cost: VisitCost & { readonly wallMs: number };
}
