import { type Graph, graphHash } from '@nnm/core';
import type { ProfiledRecord, ProfileEvent } from '@nnm/profiler';
import { type NetworkMeasuring, profileJobs } from '../calibrate/measure-network.ts';
import { partModel } from '../calibrate/part-model.ts';
import type { MeasuredPart } from './price-book.ts';

/** Repeatability of a measurement that does not say how well it repeats. */
const UNKNOWN_REPEATABILITY = 0.05;
/** Half the widths of a normal distribution's 80 % and 95 % ranges, in standard deviations. */
const NORMAL_80 = 1.2816;
const NORMAL_95 = 1.96;

/** Parts that were measured, and those that could not be. */
export interface MeasuredParts {
  /** By the hash of their graphs. */
  readonly measured: ReadonlyMap<string, MeasuredPart>;
  /** Why others have no latency, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Measure parts of models on their own, each distinct graph once; what the journal holds is not measured again.
 *
 * @throws what `profileKernels` throws
 */
export async function* measureParts(graphs: readonly Graph[], measuring: NetworkMeasuring): AsyncGenerator<ProfileEvent, MeasuredParts> {
  const distinct = new Map(graphs.map((graph) => [graphHash(graph, measuring), graph]));
  const jobs = [...distinct].map(([id, graph]) => ({ id, ...partModel({ graph }, measuring)! }));
  if (jobs.length === 0) return { measured: new Map(), problems: [] };
  const { records } = yield* profileJobs(jobs, 'parts', measuring);
  const measured = records.filter((record) => record.status === 'ok').map((record) => [record.id, measuredPart(record)] as const);
  const problems = records.flatMap((record) => (record.status === 'failed' ? [`${record.error.message} [${record.error.code}]`] : []));
  return { measured: new Map(measured), problems };
}

/** A record of the engine as a price. */
export function measuredPart({ stats, flags }: ProfiledRecord): MeasuredPart {
  const { latencyMs, repeatabilityMs = UNKNOWN_REPEATABILITY * latencyMs } = stats;
  const around = (deviations: number, coverage: number) => ({
    lowMs: Math.max(latencyMs / 2, latencyMs - deviations * repeatabilityMs),
    highMs: latencyMs + deviations * repeatabilityMs,
    coverage,
  });
  return {
    latencyMs,
    interval80: around(NORMAL_80, 0.8),
    interval95: around(NORMAL_95, 0.95),
    doubts: flags.map((flag) => `the measurement is ${flag}`),
  };
}
