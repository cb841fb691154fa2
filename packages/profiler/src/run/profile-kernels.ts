import { InvalidArgumentError, NnmError, type Rng, throwIfAborted } from '@nnm/core';
import { describeDifference, environmentDifferences } from '../environment.ts';
import { JournalMismatchError, WorkerDeathError } from '../errors.ts';
import type { FileSystem } from '../files/index.ts';
import type { ProfileEvent, ProfileJob, ProfileRecord, ProfileSummary } from '../types.ts';
import { type JournalFile, openJournal } from './journal-file.ts';
import { KernelLedger } from './kernel-ledger.ts';
import { RunClock } from './run-clock.ts';
import { MeasurementSession, type SessionOptions, type SessionVisit } from './session.ts';
import { VisitQueue } from './visit-queue.ts';

/** How to profile kernels. */
export interface ProfilerOptions extends SessionOptions {
  /** Shuffles the order of visits. */
  readonly rng: Rng;
  /** Stops the run: it throws {@link AbortedError}, and the journal keeps what was measured. */
  readonly signal?: AbortSignal | undefined;
  /** Where visits and records are kept while the run goes on; a run with the same file carries on after the last one. */
  readonly journalFile?: string | undefined;
  /** Where the journal lies; default: this machine's file system. */
  readonly files?: FileSystem | undefined;
  /** Forget what the journal holds. */
  readonly fresh?: boolean | undefined;
  /** Wall-clock time for the whole run, milliseconds; kernels that are not finished by then are flagged or left unmeasured. */
  readonly budgetMs?: number | undefined;
}

/** A quieter level makes a record obsolete when it is lower by this share. */
const LEVEL_FALL = 0.05;
/** Probing before the first visit, so that the gate knows something. */
const FIRST_PROBE_MS = 100;

/**
 * Measure the latency of kernels: every model in a separate process, visited in turns and shuffled order, its runs gated by
 * reference probes, until enough runs were made in quiet moments and the visits agree.
 *
 * While the caller handles an event, the child process makes the next visit: work that would disturb it should wait.
 *
 * A kernel that cannot be converted, loaded or run, or that kills its process, gives a failed record; the run goes on.
 *
 * @param jobs - ids must be unique
 * @returns the summary, which the last event holds too
 * @throws {@link InvalidArgumentError}, {@link AbortedError}, {@link JournalWriteError}, {@link JournalFormatError},
 * {@link JournalMismatchError}, and what the runtime's factory throws
 * @example
 * for await (const event of profileKernels(jobs, { backend, settings, referenceModel, rng: new Rng(1) })) {
 *   if (event.type === 'record') console.log(event.record);
 * }
 */
export async function* profileKernels(jobs: readonly ProfileJob[], options: ProfilerOptions): AsyncGenerator<ProfileEvent, ProfileSummary> {
  assertDistinctIds(jobs);
  throwIfAborted(options.signal, 'Profiling');
  const journal = options.journalFile === undefined ? undefined : openJournal(options.journalFile, options);
  try {
    const session = await MeasurementSession.open(options);
    const stop = (): void => session.host.kill();
    options.signal?.addEventListener('abort', stop);
    try {
      return yield* new ProfilingRun(jobs, options, session, journal).run();
    } finally {
      options.signal?.removeEventListener('abort', stop);
      await session.close();
    }
  } finally {
    journal?.close();
  }
}

/** Workers that die one after the other, and not of a kernel, end the run. */
const MAX_DEATHS_IN_A_ROW = 5;

/** A visit that was asked for. Its outcome never rejects: the run may end, for another reason, before it comes to it. */
interface VisitInFlight {
  readonly id: string;
  readonly outcome: Promise<VisitOutcome>;
}

/** `fatal` ends the run. */
type VisitOutcome = { readonly measured: SessionVisit } | { readonly error: unknown } | { readonly fatal: unknown };

/** The state of one call of {@link profileKernels}. */
class ProfilingRun {
  private readonly jobs: ReadonlyMap<string, ProfileJob>;
  private readonly ledger: KernelLedger;
  private readonly queue: VisitQueue;
  private readonly clock: RunClock;
  private readonly inFlight: VisitInFlight[] = [];
  private deathsInARow = 0;

  constructor(
    jobs: readonly ProfileJob[],
    private readonly options: ProfilerOptions,
    private readonly session: MeasurementSession,
    private readonly journal: JournalFile | undefined,
  ) {
    const { policy } = session;
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.ledger = new KernelLedger([...this.jobs.keys()], policy, journal?.content);
    const open = this.ledger.unfinished();
    this.queue = new VisitQueue(
      open.filter((id) => this.ledger.visitsOf(id).length === 0),
      open.filter((id) => this.ledger.visitsOf(id).length > 0),
      options.rng.fork('profile-order'),
    );
    this.clock = new RunClock(options.budgetMs, policy.minVisits);
  }

  async *run(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    this.openJournalSession();
    yield this.started();
    // Known from an earlier session, it need not be found out before the first visit.
    const quietIsUnknown = this.session.gated && !Number.isFinite(this.session.quietMs);
    if (quietIsUnknown && this.queue.remaining().length > 0) await this.probe(FIRST_PROBE_MS);
    try {
      do {
        for (;;) {
          yield* this.askForVisits();
          const visit = this.inFlight.shift();
          if (visit === undefined) break;
          yield* this.settle(visit);
          yield this.progress();
        }
      } while (!this.clock.isOver && this.reopenOutdated() > 0);
    } finally {
      // The run was given up.
      if (this.inFlight.length > 0) this.session.host.kill();
    }
    const summary = this.summarise();
    yield { type: 'finished', summary };
    return summary;
  }

  private openJournalSession(): void {
    const { journal, session } = this;
    const before = journal?.content.environment;
    if (before !== undefined) {
      const differences = environmentDifferences(before, session.environment);
      if (differences.length > 0) {
        throw new JournalMismatchError({ file: this.options.journalFile!, differences: differences.map(describeDifference) });
      }
    }
    journal?.append({ type: 'session', at: new Date().toISOString(), environment: session.environment });
  }

  private started(): ProfileEvent {
    const { session, journal } = this;
    const damaged = journal?.content.damagedLines ?? 0;
    const { finished, partial } = this.ledger.counts();
    return {
      type: 'started',
      jobs: this.jobs.size,
      resumed: finished,
      partial,
      runtime: session.info,
      environment: session.environment,
      isolation: session.isolation,
      notes: [
        ...session.notes,
        ...(damaged > 0 ? [`${damaged} damaged ${damaged === 1 ? 'line' : 'lines'} of the journal had to be ignored.`] : []),
      ],
    };
  }

  /** Bad phases last seconds: a visit rather waits a little than gives its turn back, but never more than a share of the time. */
  private get patienceMs(): number {
    const { minWaitMs, maxWaitMs, maxWaitShare } = this.session.policy;
    const leftMs = maxWaitMs + maxWaitShare * this.session.ageMs - this.clock.cost.waitedMs;
    return Math.max(minWaitMs, Math.min(maxWaitMs, leftMs));
  }

  /** Probe the reference; a worker that dies meanwhile is replaced, unless that happens again and again. */
  private async probe(durationMs: number): Promise<void> {
    try {
      await this.session.probe(durationMs);
      this.deathsInARow = 0;
    } catch (error) {
      throwIfAborted(this.options.signal, 'Profiling', error);
      if (!(error instanceof WorkerDeathError) || ++this.deathsInARow >= MAX_DEATHS_IN_A_ROW) throw error;
    }
  }

  /** Keep the host busy: the next visit is asked for while it makes one. */
  private *askForVisits(): Generator<ProfileEvent> {
    throwIfAborted(this.options.signal, 'Profiling');
    while (this.inFlight.length < this.session.host.visitsAtOnce && !this.clock.isOver) {
      const returning = this.queue.waiting.returning + this.inFlight.length;
      const id = this.queue.next(this.session.ageMs, this.clock.mayStartFresh(returning));
      if (id === undefined) return;
      // An interrupted run may have made the last visit, and a quieter level since found may make the earlier ones enough.
      const finished = this.ledger.assess(id, this.session.judge());
      if (finished !== undefined) yield this.record(finished);
      else this.inFlight.push({ id, outcome: this.visit(id) });
    }
  }

  private async visit(id: string): Promise<VisitOutcome> {
    try {
      await this.session.host.start();
    } catch (fatal) {
      // A runtime that does not start again is no fault of the kernel.
      return { fatal };
    }
    try {
      return { measured: await this.session.visit(id, this.jobs.get(id)!.model, this.patienceMs) };
    } catch (error) {
      return { error };
    }
  }

  private async *settle({ id, outcome: pending }: VisitInFlight): AsyncGenerator<ProfileEvent> {
    const outcome = await pending;
    if (!('measured' in outcome)) {
      const error = 'fatal' in outcome ? outcome.fatal : outcome.error;
      // The signal kills the worker; what follows from that is an abort, not a crash of the kernel.
      throwIfAborted(this.options.signal, 'Profiling', error);
      if ('fatal' in outcome) throw error;
      yield* this.handleFailure(id, error);
      return;
    }
    this.deathsInARow = 0;
    const { visit, convertMs, loadMs, warmupMs, timedMs, probeMs, waitedMs } = outcome.measured;
    const cost = { convertMs, loadMs, warmupMs, timedMs, probeMs, waitedMs };
    this.journal?.append({ type: 'visit', id, visit });
    this.ledger.addVisit(id, visit, loadMs + warmupMs + timedMs + probeMs);
    this.clock.addVisit(cost);
    yield { type: 'visit', id, visit, cost, visits: this.ledger.visitsOf(id).length };
    const finished = this.ledger.assess(id, this.session.judge());
    if (finished !== undefined) yield this.record(finished);
    else this.queue.putBack(id, this.session.ageMs + this.session.policy.revisitAfterMs);
  }

  private async *handleFailure(id: string, error: unknown): AsyncGenerator<ProfileEvent> {
    if (error instanceof WorkerDeathError && !error.started) {
      if (++this.deathsInARow >= MAX_DEATHS_IN_A_ROW) throw error;
      this.queue.putBack(id, 0);
      return;
    }
    this.deathsInARow = 0;
    const failure = describeFailure(error, 'ERR_RUNTIME_FAILURE');
    if (error instanceof WorkerDeathError) {
      this.journal?.append({ type: 'crash', id, reason: failure.message });
      const crashes = this.ledger.addCrash(id);
      if (error.retryable && crashes < this.session.policy.maxCrashes) {
        this.queue.putBack(id, this.session.ageMs + this.session.policy.revisitAfterMs);
        yield { type: 'retry', id, reason: failure.message };
        return;
      }
    }
    yield this.record({ status: 'failed', id, error: failure });
  }

  private record(record: ProfileRecord): ProfileEvent {
    this.journal?.append({ type: 'record', record });
    this.session.host.forget(record.id);
    return { type: 'record', record, revised: this.ledger.setRecord(record) };
  }

  /** Kernels that were accepted by a level that turned out to be a noisy one go back on the queue. */
  private reopenOutdated(): number {
    const outdated = this.ledger.outdated(this.session.judge(), LEVEL_FALL);
    for (const id of outdated) this.queue.putBack(id, 0);
    return outdated.length;
  }

  private progress(): ProfileEvent {
    const { finished } = this.ledger.counts();
    return {
      type: 'progress',
      done: finished,
      jobs: this.jobs.size,
      elapsedMs: this.session.ageMs,
      leftMs: this.clock.estimateLeftMs(this.queue.waiting, finished),
      quietShare: this.session.drift.quietShare,
    };
  }

  private summarise(): ProfileSummary {
    const { session, ledger, clock } = this;
    const { records, unmeasured, contended } = ledger.close(session.judge());
    const ok = records.filter((record) => record.status === 'ok');
    const flagged = ok.filter((record) => record.flags.length > 0).length;
    return {
      records,
      unmeasured,
      environment: session.environment,
      isolation: session.isolation,
      drift: session.drift.summarise({ measured: ok.length, contended, flagged }),
      counts: {
        ok: ok.length,
        failed: records.length - ok.length,
        flagged,
        contended,
        visits: clock.visits,
        workerRestarts: session.host.restarts,
      },
      cost: { ...clock.cost, wallMs: session.ageMs },
    };
  }
}

function describeFailure(error: unknown, code: `ERR_${string}`): { code: string; message: string } {
  if (NnmError.isInstance(error)) return { code: error.code, message: error.message };
  return { code, message: error instanceof Error ? error.message : String(error) };
}

function assertDistinctIds(jobs: readonly ProfileJob[]): void {
  const seen = new Set<string>();
  for (const { id } of jobs) {
    if (seen.has(id)) throw new InvalidArgumentError({ name: 'jobs', expected: 'jobs with distinct ids', got: `two of ${id}` });
    seen.add(id);
  }
}
