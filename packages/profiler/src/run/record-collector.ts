import type { Rng } from '@nnm/core';
import { describeDifference, type Environment, environmentDifferences } from '../environment.ts';
import { JournalMismatchError, KernelsFailAlikeError } from '../errors.ts';
import { referenceId } from '../gate/levels-file.ts';
import { resolvePolicy } from '../policy.ts';
import type { DriftSummary, Isolation, ProfileEvent, ProfileJob, ProfileRecord, ProfileSummary, Visit, VisitCost } from '../types.ts';
import { assertDistinctIds } from './distinct-ids.ts';
import { FirstFailures, failureOf, groupFailures } from './failure-groups.ts';
import { type JournalFile, openJournal } from './journal-file.ts';
import type { JournalLine, MeasurementOrigin } from './journal-line.ts';
import { journalNotes } from './journal-notes.ts';
import { isMendable, KernelLedger } from './kernel-ledger.ts';
import type { ProfilerOptions } from './profiler-options.ts';
import { RunClock } from './run-clock.ts';

/** A kernel that was measured elsewhere, from its first visit to its record. */
export interface CollectedKernel {
  readonly record: ProfileRecord;
  readonly visits: readonly { readonly visit: Visit; readonly cost: VisitCost }[];
  /** Where that was. */
  readonly environment: Environment;
  readonly device: string;
}

/** What a run elsewhere says of itself when it has ended. */
export interface CollectedDrift {
  /** Share of its time that was quiet; NaN without a reference. */
  readonly quietShare: number;
  readonly probes: number;
  readonly doubted: boolean;
}

/** What {@link RecordCollector} is opened with. */
export interface CollectorOptions extends Pick<ProfilerOptions, 'journalFile' | 'files' | 'fresh' | 'policy' | 'budgetMs'> {
  /** The reference that visits are probed by; undefined without a gate. */
  readonly reference?: Uint8Array | undefined;
}

/**
 * Takes in what other processes measure for a run: knows what is still wanted, keeps the same journal as `profileKernels`, and counts
 * nothing twice, however often it is told.
 *
 * @example
 * const collector = new RecordCollector(jobs, { journalFile });
 * for (const id of collector.wanted) haveMeasured(id);
 * for (const event of collector.take(results)) yield event;
 */
export class RecordCollector {
  private readonly journal: JournalFile | undefined;
  private readonly ledger: KernelLedger;
  private readonly failures: FirstFailures;
  private readonly clock: RunClock;
  private readonly jobCount: number;
  private readonly unfinished: Set<string>;
  /** Those that have a record, which a quieter device may mend. */
  private readonly reopened = new Set<string>();
  private readonly startedMs = performance.now();
  private readonly drifts: CollectedDrift[] = [];
  private lastSession = '';
  private visits = 0;
  private contended = 0;

  /**
   * @throws {@link InvalidArgumentError} for jobs with one id, {@link JournalFormatError}, {@link JournalWriteError}
   */
  constructor(
    jobs: readonly Pick<ProfileJob, 'id' | 'hash'>[],
    private readonly options: CollectorOptions,
  ) {
    assertDistinctIds(jobs);
    const policy = resolvePolicy(options.policy);
    this.journal = options.journalFile === undefined ? undefined : openJournal(options.journalFile, options);
    const reference = options.reference && referenceId(options.reference);
    this.ledger = new KernelLedger(jobs, policy, this.journal?.content, reference);
    this.failures = new FirstFailures(policy);
    if (this.ledger.start.finished > 0) this.failures.addSuccess();
    this.clock = new RunClock(options.budgetMs, policy.minVisits, () => performance.now());
    this.jobCount = jobs.length;
    this.unfinished = new Set(Object.values(this.ledger.unfinished()).flat());
  }

  /** What is wanted, shuffled; what has ended a process or failed in an earlier run comes last. */
  inOrder(rng: Rng): readonly string[] {
    const { fresh, partial, doubtful, hung } = this.ledger.unfinished();
    return [[...partial, ...fresh], doubtful, hung].flatMap((ids) => rng.shuffle(ids)).filter((id) => this.unfinished.has(id));
  }

  /** Measured kernels whose records are flagged for what a quieter device would mend, shuffled. */
  flagged(rng: Rng): readonly string[] {
    return rng.shuffle(this.ledger.mendable);
  }

  /** Flagged kernels are wanted once more; a record that is no better does not take the place of what there is. */
  reopen(ids: readonly string[]): void {
    for (const id of ids) {
      this.unfinished.add(id);
      this.reopened.add(id);
    }
  }

  /** Ids without a record, and those that are wanted once more. */
  get wanted(): ReadonlySet<string> {
    return this.unfinished;
  }

  /** Where the journal's last measurements come from, if not from its own machine. */
  get origin(): MeasurementOrigin | undefined {
    return this.journal?.content.origin;
  }

  /** Conditions of the journal's measurements; undefined when it has none. */
  get environment(): Environment | undefined {
    return this.journal?.content.environment;
  }

  /** @throws {@link JournalMismatchError} when the journal's measurements were made under other conditions */
  assertComparable(environment: Environment): void {
    const before = this.environment;
    const differences = before === undefined ? [] : environmentDifferences(before, environment);
    if (differences.length > 0) {
      throw new JournalMismatchError({ file: this.options.journalFile!, differences: differences.map(describeDifference) });
    }
  }

  /** Write down the run that is about to be asked for, so that another process can go on with it. */
  begin(run: string, environment: Environment): void {
    if (this.origin?.run !== run) this.journal?.append({ type: 'session', at: new Date().toISOString(), environment, origin: { run } });
  }

  /** The run begins: what the journal knows, and under which conditions the rest is measured. */
  started(where: { readonly environment: Environment; readonly isolation: Isolation; readonly notes: readonly string[] }): ProfileEvent {
    const { finished, partial, retried, changed, unknownHash } = this.ledger.start;
    return {
      type: 'started',
      jobs: this.jobCount,
      resumed: finished,
      partial,
      retried,
      changed,
      unknownHash,
      runtime: where.environment.runtime,
      environment: where.environment,
      isolation: where.isolation,
      notes: [...where.notes, ...journalNotes(this.ledger.start, this.journal?.content)],
    };
  }

  /**
   * Write down what was measured, in one go, and say what is new. What has a record already, or was measured of something else than is asked
   * for, is left out.
   *
   * @throws {@link JournalWriteError}; {@link KernelsFailAlikeError} once it is all written down
   */
  take(run: string, kernels: readonly CollectedKernel[]): readonly ProfileEvent[] {
    const lines: JournalLine[] = [];
    const events: ProfileEvent[] = [];
    const records: ProfileRecord[] = [];
    for (const kernel of kernels) {
      const { record } = kernel;
      if (!this.isNew(record)) continue;
      this.unfinished.delete(record.id);
      if (this.reopened.delete(record.id) && (record.status !== 'ok' || isMendable(record))) continue;
      records.push(record);
      lines.push(...this.session(run, kernel), ...this.linesOf(kernel));
      kernel.visits.forEach(({ visit, cost }, index) => {
        this.clock.addVisit(cost);
        events.push({ type: 'visit', id: record.id, visit, cost, visits: index + 1 });
      });
      this.visits += kernel.visits.length;
      if (record.status === 'ok' && record.flags.includes('contended')) this.contended++;
      events.push({ type: 'record', record, revised: this.ledger.setRecord(record) });
    }
    if (lines.length > 0) this.journal?.append(...lines);
    for (const record of records) this.watchFailures(record);
    return events;
  }

  /** A failure without a visit, such as of a model that cannot be lowered. @param error - what was thrown */
  fail(id: string, error: unknown): readonly ProfileEvent[] {
    const record: ProfileRecord = { status: 'failed', id, hash: this.ledger.hashOf(id), error: failureOf(error) };
    this.unfinished.delete(id);
    this.journal?.append({ type: 'record', record });
    const event: ProfileEvent = { type: 'record', record, revised: this.ledger.setRecord(record) };
    this.watchFailures(record);
    return [event];
  }

  /** A run elsewhere has ended. */
  addDrift(drift: CollectedDrift): void {
    this.drifts.push(drift);
  }

  /** How far the run is. */
  progress(): ProfileEvent {
    const { finished } = this.ledger;
    return {
      type: 'progress',
      done: finished,
      jobs: this.jobCount,
      elapsedMs: performance.now() - this.startedMs,
      leftMs: this.clock.estimateLeftMs({ fresh: this.unfinished.size, returning: 0 }, { finished, jobs: this.jobCount }, 0),
      quietShare: this.quietShare,
    };
  }

  /** What the run ends with; its records are the final word on each. */
  summarise(where: Pick<ProfileSummary, 'environment' | 'isolation'>, workerRestarts: number): ProfileSummary {
    const { records, unmeasured } = this.ledger.close({ levelMs: undefined, doubted: false });
    const ok = records.filter((record) => record.status === 'ok');
    const failed = records.filter((record) => record.status === 'failed');
    const flagged = ok.filter(({ flags }) => flags.length > 0).length;
    return {
      records,
      unmeasured,
      failures: groupFailures(failed),
      ...where,
      drift: this.drift(ok.length, flagged),
      counts: { ok: ok.length, failed: failed.length, flagged, contended: this.contended, visits: this.visits, workerRestarts },
      cost: { ...this.clock.cost, wallMs: performance.now() - this.startedMs },
    };
  }

  /** End the journal. */
  close(): void {
    this.journal?.close();
  }

  private isNew(record: ProfileRecord): boolean {
    if (!this.unfinished.has(record.id) || this.ledger.hashOf(record.id) !== record.hash) return false;
    // A failure that is tried again is told once more when its teller did not learn that it was written down.
    const known = this.journalled(record.id)?.record;
    return known === undefined || JSON.stringify(known) !== JSON.stringify(record);
  }

  private journalled(id: string) {
    const hash = this.ledger.hashOf(id);
    return this.journal?.content.kernels.get(id)?.find((measured) => measured.hash === hash);
  }

  /** Visits that reached the journal before its writer died, without their record, are not written again. */
  private linesOf({ record, visits }: CollectedKernel): readonly JournalLine[] {
    const { id, hash } = record;
    const known = (this.journalled(id)?.visits ?? []).map((visit) => JSON.stringify(visit));
    const told = visits.map(({ visit }) => JSON.stringify(visit));
    const missing = visits.slice(overlapOf(known, told));
    return [...missing.map(({ visit }): JournalLine => ({ type: 'visit', id, hash, visit })), { type: 'record', record }];
  }

  /** What says where the next lines come from; nothing when the lines before say it. */
  private session(run: string, { environment, device, visits }: CollectedKernel): readonly JournalLine[] {
    const isProbed = visits.some(({ visit }) => Number.isFinite(visit.firstProbeMs));
    const reference = isProbed && this.options.reference !== undefined ? referenceId(this.options.reference) : undefined;
    const key = JSON.stringify([environment, device, reference]);
    if (key === this.lastSession) return [];
    this.lastSession = key;
    const at = new Date().toISOString();
    return [{ type: 'session', at, environment, ...(reference !== undefined && { reference }), origin: { run, device } }];
  }

  private watchFailures(record: ProfileRecord): void {
    if (record.status === 'ok') {
      this.failures.addSuccess();
      return;
    }
    const failure = this.failures.add(record);
    if (failure !== undefined) throw new KernelsFailAlikeError({ failure, left: this.unfinished.size });
  }

  private get quietShare(): number {
    const probed = this.drifts.filter(({ quietShare }) => Number.isFinite(quietShare));
    const probes = probed.reduce((sum, drift) => sum + drift.probes, 0);
    return probed.reduce((sum, drift) => sum + drift.quietShare * drift.probes, 0) / (probes || Number.NaN);
  }

  private drift(measured: number, flagged: number): DriftSummary {
    const { quietShare } = this;
    const share = Number.isNaN(quietShare) ? '' : `; the devices were quiet ${Math.round(quietShare * 100)} % of the time`;
    return {
      quietShare,
      probes: this.drifts.reduce((sum, { probes }) => sum + probes, 0),
      quietLevelMs: undefined,
      knownLevelMs: undefined,
      sessionLevelMs: undefined,
      doubted: this.drifts.some(({ doubted }) => doubted),
      intervals: [],
      text: `${this.contended} of ${measured} kernels measured under contention, ${flagged} flagged${share}.`,
    };
  }
}

/** How many of the last of `known` are the first of `told`. */
function overlapOf(known: readonly string[], told: readonly string[]): number {
  for (let length = Math.min(known.length, told.length); length > 0; length--) {
    if (known.slice(-length).every((visit, index) => visit === told[index])) return length;
  }
  return 0;
}
