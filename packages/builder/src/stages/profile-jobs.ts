import { Rng } from '@nnm/core';
import {
  type FailedRecord,
  type FileSystem,
  type ProfileJob,
  type ProfileSummary,
  profileInTime,
  referenceGraph,
  SYSTEM_TIMERS,
} from '@nnm/profiler';
import type { PipelineContext } from './context.ts';
import type { Stage } from './events.ts';
import { type Label, labelOf } from './label-of-record.ts';

/** Where the measurements of some jobs are kept, and what is looked at after each event. */
interface JobOptions {
  readonly journalFile?: string | undefined;
  readonly files?: FileSystem | undefined;
  /** All are kernels of one type. Default false. */
  readonly alike?: boolean | undefined;
  /** Ends the run by what it throws. */
  readonly check?: () => void;
}

/** Measure jobs as the context says. Events are of `kernel`; without a name there are none. */
export async function* profileJobs(
  jobs: readonly ProfileJob[],
  { kernel, mark }: { readonly kernel: string; readonly mark: string },
  context: PipelineContext,
  { check, ...where }: JobOptions,
): Stage<ProfileSummary> {
  const { backend, implement, measure = profileInTime } = context;
  const profiling = measure(
    jobs,
    {
      backend,
      settings: context.settings,
      referenceModel: () => backend.convert(referenceGraph(backend), implement),
      rng: new Rng(context.seed).fork(`profile/${kernel}/${mark}`),
      ...(context.policy && { policy: context.policy }),
      ...(context.signal && { signal: context.signal }),
      ...(context.timeLeftMs && { budgetMs: Math.max(0, context.timeLeftMs()) }),
      ...(context.settleLeftMs && { settleWaitMs: Math.max(0, context.settleLeftMs()) }),
      ...where,
    },
    context.timers ?? SYSTEM_TIMERS,
  );
  try {
    for (;;) {
      const step = await profiling.next();
      check?.();
      if (step.done) return step.value;
      if (kernel !== '') yield { type: 'profile', kernel, mark, event: step.value };
    }
  } finally {
    // Whoever stops listening stops the run: its runtime and its journal are closed.
    await profiling.return(undefined as never);
  }
}

/** What came of models that were measured as they are. */
export interface MeasuredModels extends Pick<ProfileSummary, 'environment' | 'unmeasured'> {
  /** By the id of each model that has a record. */
  readonly records: ReadonlyMap<string, Label | Pick<FailedRecord, 'status' | 'error'>>;
}

/**
 * Measure models, wherever they come from: converted files, graphs of one's own. Nothing is saved but, if it is named, a journal, with
 * which the same call carries on after it was stopped.
 *
 * @param name - of the events
 * @throws core's `AbortedError` when stopped
 */
export async function* measureModels(
  name: string,
  models: readonly ProfileJob[],
  context: PipelineContext,
  options: Pick<JobOptions, 'journalFile'> = {},
): Stage<MeasuredModels> {
  yield { type: 'stage', stage: 'profile', kernel: name, mark: 'given' };
  const { records, environment, unmeasured } = yield* profileJobs(models, { kernel: name, mark: 'given' }, context, options);
  const told = records.map((record) => [record.id, record.status === 'ok' ? labelOf(record) : record] as const);
  return { records: new Map(told), environment, unmeasured };
}
