import { isHang } from '../errors.ts';
import { judgeVisits } from '../gate/gate.ts';
import type { QuietJudgement } from '../gate/quiet-level.ts';
import { type Assessment, assessVisits } from '../measure/assess.ts';
import { correctSlowdown, learnSlowdown } from '../measure/slowdown.ts';
import type { ProfilePolicy } from '../policy.ts';
import type { FailedRecord, MeasurementFlag, ProfiledRecord, ProfileJob, ProfileRecord, Visit } from '../types.ts';
import type { JournalContent, Measurements } from './journal.ts';
import { packVisits, unpackVisits } from './packed-visits.ts';

/** A clock does not become finer when the machine is quiet. */
const SETTLED_BY_QUIET: ReadonlySet<MeasurementFlag> = new Set(['contended', 'unstable', 'budget']);

interface Entry {
  readonly hash: string;
  /** Packed once the kernel has a record. */
  visits: Visit[] | Float64Array;
  crashes: number;
  record: ProfileRecord | undefined;
  /** The record is of this run. */
  isNew: boolean;
  /** How it failed in an earlier run; it is tried again. */
  readonly earlierFailure: FailedRecord | undefined;
  /** Visits after which the kernel is recorded as it is. */
  visitLimit: number;
  /** What its visits have cost since it has had that limit, in milliseconds. */
  spentMs: number;
  /** The quiet level by which its record was found not to hold, and it was to be visited again. */
  reopenedFor?: number;
}

/** What a run knows from its journal when it starts. */
export interface LedgerStart {
  /** Kernels with a record, and kernels without one that were visited. */
  readonly finished: number;
  readonly partial: number;
  /** Kernels that failed in an earlier run and are tried again, and those among them that did not come to an end. */
  readonly retried: number;
  readonly hung: number;
  /** Kernels that were measured as something else than they are now: that does not count. */
  readonly changed: number;
  /** Kernels whose record is from before what was measured was kept with it: it counts, as nothing says that it must not. */
  readonly unknownHash: number;
}

/** What is known of every kernel of a run: its visits, crashes and record. Starts from what a journal holds. */
export class KernelLedger {
  readonly start: LedgerStart;
  private readonly entries: ReadonlyMap<string, Entry>;
  private spentMs = 0;
  private visitCount = 0;
  private finishedCount = 0;
  private flaggedCount = 0;

  /** @param reference - by which visits of this run are probed, see `referenceId`; undefined without a gate */
  constructor(
    jobs: readonly Pick<ProfileJob, 'id' | 'hash'>[],
    private readonly policy: ProfilePolicy,
    journal?: JournalContent,
    private readonly reference?: string,
  ) {
    const counts = { finished: 0, partial: 0, retried: 0, hung: 0, changed: 0, unknownHash: 0 };
    this.entries = new Map(
      jobs.map((job) => {
        const all = journal?.kernels.get(job.id) ?? [];
        const same = all.find(({ hash }) => hash === job.hash);
        const unknown = same === undefined || !isMeasurement(same) ? all.find(isUnknownRecord) : undefined;
        const entry = this.startEntry(job.hash, unknown ?? same);
        if (unknown !== undefined) counts.unknownHash++;
        else if (same === undefined && all.some(isMeasurement)) counts.changed++;
        if (isMendable(entry.record)) this.flaggedCount++;
        if (entry.record !== undefined) counts.finished++;
        else if (entry.earlierFailure !== undefined) {
          counts.retried++;
          if (isHang(entry.earlierFailure.error.code)) counts.hung++;
        } else if (entry.visits.length > 0) counts.partial++;
        return [job.id, entry];
      }),
    );
    this.start = counts;
    this.finishedCount = counts.finished;
  }

  private startEntry(hash: string, measured: Measurements | undefined): Entry {
    // A record stands for itself. Visits that another reference judged do not: they are made again.
    const visits = measured?.reference === this.reference ? [...(measured?.visits ?? [])] : [];
    const failed = measured?.record?.status === 'failed' ? measured.record : undefined;
    // What killed its process is tried once more in every run, not as often as something new.
    const crashes = failed === undefined ? (measured?.crashes ?? 0) + (measured?.begun ? 1 : 0) : Math.max(0, this.policy.maxCrashes - 1);
    const record = failed === undefined ? measured?.record : undefined;
    return {
      hash,
      visits: record === undefined ? visits : packVisits(visits),
      crashes,
      record,
      isNew: false,
      earlierFailure: failed,
      // An interrupted run gets its full number of visits again.
      visitLimit: visits.length + this.policy.maxVisits,
      spentMs: 0,
    };
  }

  /**
   * Ids without a record, in the order of the jobs: never tried; with some visits; that have ended a process or a budget, or failed; that
   * failed because they did not come to an end.
   */
  unfinished(): Readonly<Record<'fresh' | 'partial' | 'doubtful' | 'hung', readonly string[]>> {
    const ids = { fresh: [] as string[], partial: [] as string[], doubtful: [] as string[], hung: [] as string[] };
    for (const [id, { record, visits, crashes, earlierFailure }] of this.entries) {
      if (record !== undefined) continue;
      if (this.hungBefore(id)) ids.hung.push(id);
      else if (earlierFailure !== undefined || crashes > 0) ids.doubtful.push(id);
      else (visits.length > 0 ? ids.partial : ids.fresh).push(id);
    }
    return ids;
  }

  /** Whether a kernel did not come to an end in an earlier run. */
  hungBefore(id: string): boolean {
    const { earlierFailure } = this.entry(id);
    return earlierFailure !== undefined && isHang(earlierFailure.error.code);
  }

  /** Visits made to a kernel. */
  visitCountOf(id: string): number {
    return visitsOf(this.entry(id)).length;
  }

  hashOf(id: string): string {
    return this.entry(id).hash;
  }

  /** Kernels with a record. */
  get finished(): number {
    return this.finishedCount;
  }

  /** Measured kernels that a quieter machine would mend. */
  get flagged(): number {
    return this.flaggedCount;
  }

  /** @param costMs - time that the visit took, without waiting for others */
  addVisit(id: string, visit: Visit, costMs: number): void {
    const entry = this.entry(id);
    entry.visits = [...visitsOf(entry), visit];
    entry.spentMs += costMs;
    this.spentMs += costMs;
    this.visitCount++;
  }

  /** @returns how often the kernel has killed its worker */
  addCrash(id: string): number {
    return ++this.entry(id).crashes;
  }

  /** @returns true when it replaces an earlier record */
  setRecord(record: ProfileRecord): boolean {
    const entry = this.entry(record.id);
    const revised = entry.record !== undefined;
    this.flaggedCount += Number(isMendable(record)) - Number(isMendable(entry.record));
    entry.record = record;
    entry.isNew = true;
    entry.visits = packVisits(visitsOf(entry));
    if (!revised) this.finishedCount++;
    return revised;
  }

  /** The record of a kernel that needs no further visit, or may have none; undefined when it should be visited again. */
  assess(id: string, quiet: QuietJudgement): ProfiledRecord | undefined {
    const entry = this.entry(id);
    const { visitLimit, spentMs } = entry;
    const visits = visitsOf(entry);
    const assessment = assessVisits(visits, quiet, this.policy);
    const { minVisits, maxVisits, maxCostRatio, minVisitsApart, maxKernelMs } = this.policy;
    const isCostly = spentMs * this.visitCount > maxCostRatio * maxVisits * this.spentMs && assessment.acceptedVisits >= minVisitsApart;
    const tooExpensive = isCostly || (spentMs >= maxKernelMs && visits.length >= minVisits);
    return assessment.done || visits.length >= visitLimit || tooExpensive ? toRecord(id, entry.hash, assessment, quiet) : undefined;
  }

  /** Measured kernels that would not be finished by the present quiet level, because it has fallen; they may be visited again. */
  outdated(quiet: QuietJudgement, levelFall: number): readonly string[] {
    const { levelMs } = quiet;
    if (levelMs === undefined) return [];
    return [...this.entries].flatMap(([id, entry]) => {
      const { record, reopenedFor } = entry;
      if (!isSlower(record, levelMs, levelFall) || (reopenedFor !== undefined && levelMs >= reopenedFor * (1 - levelFall))) return [];
      const visits = visitsOf(entry);
      if (visits.length === 0 || assessVisits(visits, quiet, this.policy).done) return [];
      this.reopen(entry, record);
      entry.reopenedFor = levelMs;
      return [id];
    });
  }

  /** Records whose latencies go by a level that has turned out to be a slower one, by the present one. */
  judgedAnew(quiet: QuietJudgement, levelFall: number): readonly ProfiledRecord[] {
    const { levelMs } = quiet;
    if (levelMs === undefined) return [];
    return [...this.entries].flatMap(([id, entry]) => {
      const { hash, record } = entry;
      if (!isSlower(record, levelMs, levelFall)) return [];
      const unfinished = record.flags.filter((flag) => flag === 'budget');
      return toRecord(id, hash, assessVisits(visitsOf(entry), quiet, this.policy), quiet, unfinished) ?? [];
    });
  }

  /** Measured kernels whose records are of a time when the quiet level was lower by more than this share: the machine was faster then. */
  measuredFaster({ levelMs }: QuietJudgement, levelFall: number): number {
    if (levelMs === undefined) return 0;
    const records = [...this.entries.values()].flatMap(({ record, visits }) =>
      // Without visits it may be of another reference.
      record?.status === 'ok' && record.quietLevelMs !== undefined && visits.length > 0 ? [record.quietLevelMs] : [],
    );
    return records.filter((quietMs) => quietMs < levelMs * (1 - levelFall)).length;
  }

  /** Measured kernels whose records are flagged for what a quieter machine would mend; they may be visited again. */
  reopenFlagged(): readonly string[] {
    return this.mendable.map((id) => {
      const entry = this.entries.get(id)!;
      this.reopen(entry, entry.record as ProfiledRecord);
      return id;
    });
  }

  /** Measured kernels whose records are flagged for what a quieter machine would mend. */
  get mendable(): readonly string[] {
    return [...this.entries].flatMap(([id, { record }]) => (isMendable(record) ? [id] : []));
  }

  private reopen(entry: Entry, { hash }: ProfiledRecord): void {
    // Visits that may have been made to something else are not mixed with new ones.
    entry.visits = hash === undefined ? [] : visitsOf(entry);
    entry.visitLimit = entry.visits.length + this.policy.maxVisits;
    entry.spentMs = 0;
  }

  /**
   * Records of this run of kernels that met no quiet moment, with what they would take in one. They stay flagged. It is learned from kernels
   * that were visited in both states, and must be of the same type.
   */
  corrected(quiet: QuietJudgement): readonly ProfiledRecord[] {
    const { minCpuShare } = this.policy;
    const judged = [...this.entries.values()].flatMap((entry) => {
      const { record, isNew } = entry;
      return record?.status === 'ok' ? [{ record, isNew, visits: judgeVisits(visitsOf(entry), quiet.levelMs, this.policy) }] : [];
    });
    const metQuiet = (visits: (typeof judged)[number]['visits']): boolean => visits.flat().some(({ accepted }) => accepted);
    const contended = judged.filter(({ record, isNew, visits }) => isNew && record.flags.includes('contended') && !metQuiet(visits));
    if (contended.length === 0 || quiet.doubted) return [];
    const examples = judged.filter(({ record, visits }) => metQuiet(visits) && !record.flags.includes('unstable'));
    const model = learnSlowdown(
      examples.map(({ record, visits }) => ({ latencyMs: record.stats.latencyMs, visits })),
      minCpuShare,
    );
    if (model === undefined) return [];
    return contended.flatMap(({ record, visits }) => {
      const correction = correctSlowdown(visits, model, minCpuShare);
      return correction === undefined ? [] : [{ ...record, flags: [...record.flags, 'corrected' as const], correction }];
    });
  }

  /** The final records: unfinished kernels with timed runs get one that says so. */
  close(quiet: QuietJudgement): {
    readonly records: readonly ProfileRecord[];
    readonly unmeasured: readonly string[];
    readonly contended: number;
  } {
    const records: ProfileRecord[] = [];
    const unmeasured: string[] = [];
    let contended = 0;
    for (const [id, entry] of this.entries) {
      const { hash, record, earlierFailure } = entry;
      const assessment = assessVisits(visitsOf(entry), quiet, this.policy);
      if (assessment.slices > 0 && assessment.rejected / assessment.slices >= 0.5) contended++;
      const final = record ?? toRecord(id, hash, assessment, quiet, ['budget']) ?? earlierFailure;
      if (final === undefined) unmeasured.push(id);
      else records.push(final);
    }
    return { records, unmeasured, contended };
  }

  private entry(id: string): Entry {
    return this.entries.get(id)!;
  }
}

function visitsOf({ visits }: Entry): Visit[] {
  return visits instanceof Float64Array ? unpackVisits(visits) : visits;
}

/** A record that goes by a quiet level from which the present one has fallen by more than this share. */
function isSlower(record: ProfileRecord | undefined, levelMs: number, levelFall: number): record is ProfiledRecord {
  return record?.status === 'ok' && record.quietLevelMs !== undefined && levelMs < record.quietLevelMs * (1 - levelFall);
}

/** Something of it is known, not only that it began or crashed. */
function isMeasurement({ hash, visits, record }: Measurements): boolean {
  return hash !== undefined && (visits.length > 0 || record !== undefined);
}

/** From before hashes were kept: a latency counts, as nothing says that the kernel has changed; what did not work is tried anew. */
function isUnknownRecord({ hash, record }: Measurements): boolean {
  return hash === undefined && record?.status === 'ok';
}

/** A record that is flagged for what a quieter machine would mend. */
export function isMendable(record: ProfileRecord | undefined): record is ProfiledRecord {
  return record?.status === 'ok' && record.flags.some((flag) => SETTLED_BY_QUIET.has(flag));
}

function toRecord(
  id: string,
  hash: string,
  { stats, flags, slowdown }: Assessment,
  quiet: QuietJudgement,
  more: readonly MeasurementFlag[] = [],
): ProfiledRecord | undefined {
  if (stats === undefined) return undefined;
  const { levelMs } = quiet;
  return { status: 'ok', id, hash, stats, flags: [...flags, ...more], slowdown, ...(levelMs !== undefined && { quietLevelMs: levelMs }) };
}
