import { SYSTEM_TIMERS, type Timers } from '../timers.ts';
import type { ProfileEvent, ProfileJob, ProfileSummary } from '../types.ts';
import { assertDistinctIds } from './distinct-ids.ts';
import { openJournal } from './journal-file.ts';
import type { ProfilerOptions } from './profiler-options.ts';
import { ProfilingRun } from './profiling-run.ts';
import { RunLimits, startPatience } from './run-limits.ts';
import { MeasurementSession } from './session.ts';

/**
 * Measure the latency of kernels: every model in a separate process, visited in turns and shuffled order, its runs gated by
 * reference probes, until enough runs were made in quiet moments and the visits agree.
 *
 * While the caller handles an event, the child process makes the next visit: work that would disturb it should wait.
 *
 * A kernel that cannot be converted, loaded or run, or that kills its process, gives a failed record; the run goes on. It is
 * tried once more by the next run with the same journal. Only when the first kernels all fail for one reason the run ends.
 *
 * Measurements of the journal count when they are of the same thing as the job: a job whose hash has changed is measured again.
 *
 * @param jobs - ids must be unique
 * @returns the summary, which the last event holds too
 * @throws {@link InvalidArgumentError}, {@link AbortedError}, {@link JournalWriteError}, {@link JournalFormatError},
 * {@link JournalMismatchError}, {@link KernelsFailAlikeError}, {@link RuntimeDeathError},
 * {@link RuntimeStartTimeoutError}, and what the runtime's factory throws
 * @example
 * for await (const event of profileKernels(jobs, { backend, settings, referenceModel, rng: new Rng(1) })) {
 *   if (event.type === 'record') console.log(event.record);
 * }
 */
export async function* profileKernels(jobs: readonly ProfileJob[], options: ProfilerOptions): AsyncGenerator<ProfileEvent, ProfileSummary> {
  return yield* profileInTime(jobs, options, SYSTEM_TIMERS);
}

/** What measures jobs: {@link profileInTime} on this machine, or something that has others do it. */
export type MeasureJobs = (
  jobs: readonly ProfileJob[],
  options: ProfilerOptions,
  timers: Timers,
) => AsyncGenerator<ProfileEvent, ProfileSummary>;

/** {@link profileKernels} by another clock. */
export async function* profileInTime(
  jobs: readonly ProfileJob[],
  options: ProfilerOptions,
  timers: Timers,
): AsyncGenerator<ProfileEvent, ProfileSummary> {
  assertDistinctIds(jobs);
  const startMs = startPatience(options.backend);
  const limits = new RunLimits(options.budgetMs, options.signal, timers, startMs);
  try {
    limits.throwIfAborted();
    const journal = options.journalFile === undefined ? undefined : openJournal(options.journalFile, options);
    try {
      const session = await MeasurementSession.open(options, limits.signal, timers);
      limits.runtimeStarted();
      try {
        return yield* new ProfilingRun(jobs, options, session, journal, limits, timers).run();
      } finally {
        await session.close();
      }
    } finally {
      journal?.close();
    }
  } finally {
    limits.close();
  }
}
