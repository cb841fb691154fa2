import { describeDifference, environmentDifferences } from '../environment.ts';
import {
  ConversionTimeoutError,
  isHang,
  JournalMismatchError,
  KernelsFailAlikeError,
  RuntimeDeathError,
  WorkerDeathError,
} from '../errors.ts';
import type { Timers } from '../timers.ts';
import type { FailedRecord, FailureGroup, ProfileEvent, ProfileJob, ProfileRecord, ProfileSummary } from '../types.ts';
import { FirstFailures, failureOf, groupFailures } from './failure-groups.ts';
import type { JournalFile } from './journal-file.ts';
import type { JournalLine } from './journal-line.ts';
import { journalNotes } from './journal-notes.ts';
import { KernelLedger } from './kernel-ledger.ts';
import { orAborted } from './or-aborted.ts';
import type { ProfilerOptions } from './profiler-options.ts';
import { RunClock } from './run-clock.ts';
import { BUDGET_OVER, type RunLimits } from './run-limits.ts';
import type { MeasurementSession, SessionVisit } from './session.ts';
import { VisitQueue } from './visit-queue.ts';

/** A quieter level makes a record obsolete when it is lower by this share, and its latency another one when it is lower by this. */
const LEVEL_FALL = 0.05;
const NOTABLE_FALL = 0.01;
/** The machine is quiet when so many of the latest probes are. */
const RECENT_PROBES = 200;
const QUIET_ENOUGH = 0.5;
/** A run that was quiet for more than this share of its time has nothing to gain from more quiet. */
const WAS_QUIET = 0.9;
/** While waiting for quiet, the machine is looked at this often. */
const SETTLE_PAUSE_MS = 1000;
/** Probing before the first visit, so that the gate knows something. */
const FIRST_PROBE_MS = 100;
/** Workers that die one after the other, and not of a kernel, end the run. */
const MAX_DEATHS_IN_A_ROW = 5;

/** A visit that was asked for. Its outcome never rejects: the run may end, for another reason, before it comes to it. */
interface VisitInFlight {
  readonly id: string;
  readonly outcome: Promise<VisitOutcome>;
}

/** `fatal` ends the run. */
type VisitOutcome = { readonly measured: SessionVisit } | { readonly error: unknown } | { readonly fatal: unknown };

/** The state of one call of `profileKernels`. */
export class ProfilingRun {
  private readonly jobs: ReadonlyMap<string, ProfileJob>;
  private readonly ledger: KernelLedger;
  private readonly queue: VisitQueue;
  private readonly clock: RunClock;
  private readonly inFlight: VisitInFlight[] = [];
  private readonly firstFailures: FirstFailures;
  private deathsInARow = 0;
  private sessionIsLogged = false;
  /** One of the kernels that hung in an earlier run has hung again: the others would cost as much. */
  private hangsAgain = false;
  /** Everything is measured, and flagged kernels are visited again, up to this visit. */
  private settlesUntilVisit: number | undefined;

  constructor(
    jobs: readonly ProfileJob[],
    private readonly options: ProfilerOptions,
    private readonly session: MeasurementSession,
    private readonly journal: JournalFile | undefined,
    private readonly limits: RunLimits,
    private readonly timers: Timers,
  ) {
    const { policy } = session;
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.ledger = new KernelLedger(jobs, policy, journal?.content, session.reference);
    const { fresh, partial, doubtful, hung } = this.ledger.unfinished();
    this.queue = new VisitQueue(fresh, partial, options.rng.fork('profile-order'), doubtful, hung);
    this.clock = new RunClock(options.budgetMs, policy.minVisits, () => timers.now());
    this.firstFailures = new FirstFailures(policy);
    if (this.ledger.start.finished > 0) this.firstFailures.addSuccess();
  }

  async *run(): AsyncGenerator<ProfileEvent, ProfileSummary> {
    this.assertSameConditions();
    yield this.started();
    try {
      yield* this.measure();
    } catch (error) {
      if (error !== BUDGET_OVER) throw error;
      const [first] = this.inFlight;
      if (first !== undefined) {
        const reason = 'The time budget ended while it was being measured';
        // The next run comes last to it: whatever takes so long must not be what every budget ends with.
        this.log({ type: 'crash', id: first.id, hash: this.ledger.hashOf(first.id), reason });
        yield { type: 'retry', id: first.id, reason };
      }
    } finally {
      // The run was given up.
      if (this.inFlight.length > 0) this.session.host.kill();
    }
    // Also when time ended before what was accepted by a slower level could be visited again.
    yield* this.judgeAnew();
    if (this.options.alike === true) for (const record of this.ledger.corrected(this.session.judge())) yield this.record(record);
    const summary = this.summarise();
    yield { type: 'finished', summary };
    return summary;
  }

  private async *measure(): AsyncGenerator<ProfileEvent, void> {
    // Known from an earlier session, it need not be found out before the first visit.
    const quietIsUnknown = this.session.gated && !Number.isFinite(this.session.quietMs);
    const { fresh, returning } = this.queue.waiting;
    if (quietIsUnknown && fresh + returning > 0) await this.probe(FIRST_PROBE_MS);
    do yield* this.visitQueued();
    while (!this.clock.isOver && this.reopenOutdated() > 0);
    yield* this.judgeAnew();
    yield* this.settleFlagged();
  }

  /** Latencies go by the best level that is known, whenever it was found. */
  private *judgeAnew(): Generator<ProfileEvent, void> {
    for (const record of this.ledger.judgedAnew(this.session.judge(), NOTABLE_FALL)) yield this.record(record);
  }

  /** Make visits until the queue is empty, or there is no time left. */
  private async *visitQueued(isOver: () => boolean = () => this.clock.isOver): AsyncGenerator<ProfileEvent, void> {
    for (;;) {
      yield* this.askForVisits(isOver);
      const visit = this.inFlight[0];
      if (visit === undefined) return;
      const outcome = await orAborted(visit.outcome, this.limits.signal);
      this.inFlight.shift();
      yield* this.takeOutcome(visit.id, outcome);
      yield this.progress();
    }
  }

  /** Quiet has come: what was measured without it is measured again. What is not mended keeps its record. */
  private async *settleFlagged(): AsyncGenerator<ProfileEvent, void> {
    const { session, options } = this;
    const isPatient = options.settleWaitMs !== undefined;
    const endMs = this.timers.now() + (options.settleWaitMs ?? Number.POSITIVE_INFINITY);
    const lastVisit = isPatient ? Number.POSITIVE_INFINITY : this.clock.visits * (1 + session.policy.settleShare);
    const isOver = (): boolean => this.clock.isOver || this.clock.visits + this.inFlight.length >= lastVisit || this.timers.now() >= endMs;
    if (!this.mayGainByQuiet || this.ledger.flagged === 0 || isOver()) return;
    for (;;) {
      await this.probe(FIRST_PROBE_MS);
      if (session.drift.recentQuietShare(RECENT_PROBES) >= QUIET_ENOUGH) {
        const flagged = this.ledger.reopenFlagged();
        yield { type: 'settle', flagged: flagged.length };
        for (const id of flagged) this.queue.putBack(id, 0);
        this.settlesUntilVisit = lastVisit;
        yield* this.visitQueued(isOver);
        if (this.ledger.flagged === flagged.length) return; // quiet does not mend them
      }
      if (!isPatient || this.ledger.flagged === 0 || isOver()) return;
      await orAborted(this.pause(SETTLE_PAUSE_MS), this.limits.signal);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.timers.after(ms, resolve));
  }

  /** @throws {@link JournalMismatchError} */
  private assertSameConditions(): void {
    const { journal, session } = this;
    const before = journal?.content.environment;
    if (before !== undefined) {
      const differences = environmentDifferences(before, session.environment);
      if (differences.length > 0) {
        throw new JournalMismatchError({ file: this.options.journalFile!, differences: differences.map(describeDifference) });
      }
    }
  }

  /** Add to the journal; what it says of the session comes with the first line of it, so that a run that measures nothing adds nothing. */
  private log(line: JournalLine): void {
    const { journal, session } = this;
    if (journal !== undefined && !this.sessionIsLogged) {
      this.sessionIsLogged = true;
      const { environment, reference } = session;
      journal.append({ type: 'session', at: new Date().toISOString(), environment, ...(reference !== undefined && { reference }) });
    }
    journal?.append(line);
  }

  private started(): ProfileEvent {
    const { session, journal } = this;
    const { finished, partial, retried, changed, unknownHash } = this.ledger.start;
    const faster = this.ledger.measuredFaster(session.judge(), LEVEL_FALL);
    return {
      type: 'started',
      jobs: this.jobs.size,
      resumed: finished,
      partial,
      retried,
      changed,
      unknownHash,
      runtime: session.info,
      environment: session.environment,
      isolation: session.isolation,
      notes: [...session.notes, ...journalNotes({ ...this.ledger.start, faster }, journal?.content)],
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
      await orAborted(this.session.probe(durationMs), this.limits.signal);
      this.deathsInARow = 0;
    } catch (error) {
      if (!(error instanceof WorkerDeathError)) throw error;
      this.countDeath(error);
    }
  }

  /** @throws {@link RuntimeDeathError} after too many in a row */
  private countDeath(error: WorkerDeathError): void {
    if (!error.blamesKernel || ++this.deathsInARow < MAX_DEATHS_IN_A_ROW) return;
    throw new RuntimeDeathError({ death: error.death, times: this.deathsInARow, doing: 'waiting for work' }, { cause: error });
  }

  /** Keep the host busy: the next visit is asked for while it makes one. */
  private *askForVisits(isOver: () => boolean): Generator<ProfileEvent> {
    if (this.limits.signal.aborted) throw this.limits.signal.reason;
    while (this.inFlight.length < this.session.host.visitsAtOnce && !isOver()) {
      const returning = this.queue.waiting.returning + this.inFlight.length;
      const id = this.queue.next(this.session.ageMs, this.clock.mayStartFresh(returning));
      if (id === undefined) return;
      if (this.hangsAgain && this.ledger.hungBefore(id)) continue;
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
    // All of it is done in this process.
    if (this.session.isolation.kind === 'none') this.log({ type: 'begun', id, hash: this.ledger.hashOf(id) });
    try {
      return { measured: await this.session.visit(id, () => this.convert(id), this.patienceMs) };
    } catch (error) {
      return { error };
    }
  }

  /** Lower a model, within the time that a kernel may take. */
  private async convert(id: string): Promise<Uint8Array> {
    if (this.session.isolation.kind !== 'none') this.log({ type: 'begun', id, hash: this.ledger.hashOf(id) });
    const { kernelTimeoutMs } = this.session.policy;
    const late = new AbortController();
    const cancel = this.timers.after(kernelTimeoutMs, () => late.abort(new ConversionTimeoutError({ seconds: kernelTimeoutMs / 1000 })));
    try {
      return await orAborted(this.jobs.get(id)!.model(), late.signal);
    } finally {
      cancel();
    }
  }

  private *takeOutcome(id: string, outcome: VisitOutcome): Generator<ProfileEvent> {
    if ('fatal' in outcome) throw outcome.fatal;
    if ('error' in outcome) {
      yield* this.handleFailure(id, outcome.error);
      return;
    }
    this.deathsInARow = 0;
    this.firstFailures.addSuccess();
    const { visit, convertMs, loadMs, warmupMs, timedMs, probeMs, waitedMs } = outcome.measured;
    const cost = { convertMs, loadMs, warmupMs, timedMs, probeMs, waitedMs };
    this.log({ type: 'visit', id, hash: this.ledger.hashOf(id), visit });
    this.ledger.addVisit(id, visit, loadMs + warmupMs + timedMs + probeMs);
    this.clock.addVisit(cost);
    yield { type: 'visit', id, visit, cost, visits: this.ledger.visitCountOf(id) };
    const finished = this.ledger.assess(id, this.session.judge());
    if (finished !== undefined) yield this.record(finished);
    else this.queue.putBack(id, this.session.ageMs + this.session.policy.revisitAfterMs);
  }

  private *handleFailure(id: string, error: unknown): Generator<ProfileEvent> {
    if (error instanceof WorkerDeathError && !(error.started && error.blamesKernel)) {
      this.countDeath(error);
      this.queue.putBack(id, 0);
      if (error.started) yield { type: 'retry', id, reason: error.message };
      return;
    }
    this.deathsInARow = 0;
    const failure = failureOf(error);
    const hash = this.ledger.hashOf(id);
    if (error instanceof WorkerDeathError) {
      this.log({ type: 'crash', id, hash, reason: failure.message });
      const crashes = this.ledger.addCrash(id);
      if (error.retryable && crashes < this.session.policy.maxCrashes) {
        this.queue.putBack(id, this.session.ageMs + this.session.policy.revisitAfterMs);
        yield { type: 'retry', id, reason: failure.message };
        return;
      }
    }
    this.hangsAgain ||= isHang(failure.code) && this.ledger.hungBefore(id);
    const record: FailedRecord = { status: 'failed', id, hash, error: failure };
    yield this.record(record);
    const alike = this.firstFailures.add(record);
    if (alike !== undefined) this.stop(alike);
  }

  private stop(failure: FailureGroup): never {
    throw new KernelsFailAlikeError({ failure, left: this.jobs.size - this.ledger.finished });
  }

  private record(record: ProfileRecord): ProfileEvent {
    this.log({ type: 'record', record });
    this.session.host.forget(record.id);
    return { type: 'record', record, revised: this.ledger.setRecord(record) };
  }

  /** Kernels that were accepted by a level that turned out to be a noisy one go back on the queue. */
  private reopenOutdated(): number {
    const outdated = this.ledger.outdated(this.session.judge(), LEVEL_FALL);
    for (const id of outdated) this.queue.putBack(id, 0);
    return outdated.length;
  }

  /** Visits that settling will make at most, by what is known now. */
  private get settleVisits(): number {
    const { session, settlesUntilVisit, clock } = this;
    const { maxVisits, settleShare } = session.policy;
    const share = this.options.settleWaitMs === undefined ? settleShare : Number.POSITIVE_INFINITY;
    if (settlesUntilVisit !== undefined) return Math.min(settlesUntilVisit - clock.visits, this.queue.waiting.returning * maxVisits);
    if (!this.mayGainByQuiet || session.drift.recentQuietShare(RECENT_PROBES) < QUIET_ENOUGH) return 0;
    return Math.min(share * clock.visits, this.ledger.flagged * maxVisits);
  }

  /** False where it was not noise that flagged kernels. */
  private get mayGainByQuiet(): boolean {
    const { session, options } = this;
    return session.gated && (options.settleWaitMs !== undefined || session.drift.quietShare <= WAS_QUIET);
  }

  private progress(): ProfileEvent {
    const { finished } = this.ledger;
    const waiting = this.settlesUntilVisit === undefined ? this.queue.waiting : { fresh: 0, returning: 0 };
    return {
      type: 'progress',
      done: finished,
      jobs: this.jobs.size,
      elapsedMs: this.session.ageMs,
      leftMs: this.clock.estimateLeftMs(waiting, { finished, jobs: this.jobs.size }, this.settleVisits),
      quietShare: this.session.drift.quietShare,
    };
  }

  private summarise(): ProfileSummary {
    const { session, ledger, clock } = this;
    const { records, unmeasured, contended } = ledger.close(session.judge());
    const ok = records.filter((record) => record.status === 'ok');
    const failed = records.filter((record) => record.status === 'failed');
    const flagged = ok.filter((record) => record.flags.length > 0).length;
    return {
      records,
      unmeasured,
      failures: groupFailures(failed),
      environment: session.environment,
      isolation: session.isolation,
      drift: session.drift.summarise({ measured: ok.length, contended, flagged, stoppedMs: session.stoppedMs }),
      counts: {
        ok: ok.length,
        failed: failed.length,
        flagged,
        contended,
        visits: clock.visits,
        workerRestarts: session.host.restarts,
      },
      cost: { ...clock.cost, wallMs: session.ageMs },
    };
  }
}
