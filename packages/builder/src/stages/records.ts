import type { KernelConfig } from '@nnm/core';
import type { LatencyStats, MeasurementFlag } from '@nnm/profiler';

/** Which step of a build a configuration belongs to: `prior`, `holdout`, `finegrained1`, `finegrained2`, … */
export type Mark = string;

/** A configuration chosen for measurement. */
export interface KernelSample {
  /** 6 capital letters and digits, unique among the configurations of the kernel; see `kernelId`. */
  readonly id: string;
  readonly kernel: string;
  readonly mark: Mark;
  readonly config: KernelConfig;
}

/** What came of a sample: a latency, or the reason why there is none. */
export type MeasuredSample = LabelledSample | FailedSample;

/** A sample with its latency. */
export interface LabelledSample extends KernelSample {
  readonly status: 'ok';
  /** Milliseconds of one inference. */
  readonly latencyMs: number;
  /** Absent where it is unknown: unknown is never 0. */
  readonly spreadMs?: number;
  /** Standard deviation expected of `latencyMs` if it were measured again; absent where it is unknown. */
  readonly repeatabilityMs?: number;
  readonly stats: LatencyStats;
  readonly flags: readonly MeasurementFlag[];
}

/** A sample that could not be measured. */
export interface FailedSample extends KernelSample {
  readonly status: 'failed';
  readonly error: { readonly code: string; readonly message: string };
}

/** Rows that were measured elsewhere as samples, so that sampling leaves their configurations and ids out. */
export function importedSamples(
  rows: readonly { readonly id: string; readonly kernel: string; readonly config: KernelConfig }[],
): readonly KernelSample[] {
  return rows.map(({ id, kernel, config }) => ({ id, kernel, mark: 'imported', config }));
}

/** The samples that have a latency. */
export function labelledSamples(samples: readonly MeasuredSample[]): readonly LabelledSample[] {
  return samples.filter((sample) => sample.status === 'ok');
}
