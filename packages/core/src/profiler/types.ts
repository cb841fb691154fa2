/** Summary of a kernel's accepted timed runs. All latencies are milliseconds of one inference. */
export interface LatencyStats {
  /** The chosen statistic: what predictors learn and the latency file shows. */
  readonly latencyMs: number;
  /** Spread of the statistic: what the latency file shows behind `+-`. */
  readonly spreadMs: number;
  readonly meanMs: number;
  readonly stdMs: number;
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

/** Why a measurement is less certain than asked for. */
export type MeasurementFlag = 'contended' | 'unstable' | 'budget';

/** What came of profiling one kernel: success or failure is data, nothing is dropped. */
export type ProfileRecord = ProfiledRecord | FailedRecord;

export interface ProfiledRecord {
  readonly status: 'ok';
  readonly id: string;
  readonly stats: LatencyStats;
  readonly flags: readonly MeasurementFlag[];
}

export interface FailedRecord {
  readonly status: 'failed';
  readonly id: string;
  /** `ERR_...` code and one sentence. */
  readonly error: { readonly code: string; readonly message: string };
}
