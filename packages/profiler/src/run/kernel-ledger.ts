import type { QuietJudgement } from '../gate/quiet-level.ts';
import { type Assessment, assessVisits } from '../measure/assess.ts';
import type { ProfilePolicy } from '../policy.ts';
import type { MeasurementFlag, ProfiledRecord, ProfileRecord, Visit } from '../types.ts';
import type { JournalContent } from './journal.ts';

interface Entry {
  readonly visits: Visit[];
  crashes: number;
  record: ProfileRecord | undefined;
  /** Visits after which the kernel is recorded as it is. */
  visitLimit: number;
  /** What its visits have cost since it has had that limit, in milliseconds. */
  spentMs: number;
}

/** What is known of every kernel of a run: its visits, crashes and record. Starts from what a journal holds. */
export class KernelLedger {
  private readonly entries: ReadonlyMap<string, Entry>;
  private spentMs = 0;
  private visitCount = 0;

  constructor(
    private readonly ids: readonly string[],
    private readonly policy: ProfilePolicy,
    journal?: JournalContent,
  ) {
    this.entries = new Map(
      ids.map((id) => {
        const visits = [...(journal?.visits.get(id) ?? [])];
        // An interrupted run gets its full number of visits again.
        const visitLimit = visits.length + policy.maxVisits;
        return [id, { visits, crashes: journal?.crashes.get(id) ?? 0, record: journal?.records.get(id), visitLimit, spentMs: 0 }];
      }),
    );
  }

  /** Ids without a record, in the order of the jobs. */
  unfinished(): readonly string[] {
    return this.ids.filter((id) => this.entry(id).record === undefined);
  }

  visitsOf(id: string): readonly Visit[] {
    return this.entry(id).visits;
  }

  /** Kernels with a record, and kernels without one that were visited. */
  counts(): { readonly finished: number; readonly partial: number } {
    const entries = [...this.entries.values()];
    return {
      finished: entries.filter(({ record }) => record !== undefined).length,
      partial: entries.filter(({ record, visits }) => record === undefined && visits.length > 0).length,
    };
  }

  /** @param costMs - time that the visit took, without waiting for others */
  addVisit(id: string, visit: Visit, costMs: number): void {
    const entry = this.entry(id);
    entry.visits.push(visit);
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
    entry.record = record;
    return revised;
  }

  /** The record of a kernel that needs no further visit, or may have none; undefined when it should be visited again. */
  assess(id: string, quiet: QuietJudgement): ProfiledRecord | undefined {
    const { visits, visitLimit, spentMs } = this.entry(id);
    const assessment = assessVisits(visits, quiet, this.policy);
    const { maxVisits, maxCostRatio, minVisitsApart } = this.policy;
    const tooExpensive = spentMs * this.visitCount > maxCostRatio * maxVisits * this.spentMs && assessment.acceptedVisits >= minVisitsApart;
    return assessment.done || visits.length >= visitLimit || tooExpensive ? toRecord(id, assessment, quiet) : undefined;
  }

  /** Measured kernels that would not be finished by the present quiet level, because it has fallen; they may be visited again. */
  outdated(quiet: QuietJudgement, levelFall: number): readonly string[] {
    const { levelMs } = quiet;
    if (levelMs === undefined) return [];
    return this.ids.filter((id) => {
      const entry = this.entry(id);
      const { record, visits } = entry;
      if (record?.status !== 'ok' || record.quietLevelMs === undefined || levelMs >= record.quietLevelMs * (1 - levelFall)) return false;
      if (visits.length === 0 || assessVisits(visits, quiet, this.policy).done) return false;
      entry.record = { ...record, quietLevelMs: levelMs };
      entry.visitLimit = visits.length + this.policy.maxVisits;
      entry.spentMs = 0;
      return true;
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
    for (const id of this.ids) {
      const { record, visits } = this.entry(id);
      const assessment = assessVisits(visits, quiet, this.policy);
      if (assessment.slices > 0 && assessment.rejected / assessment.slices >= 0.5) contended++;
      const final = record ?? toRecord(id, assessment, quiet, ['budget']);
      if (final === undefined) unmeasured.push(id);
      else records.push(final);
    }
    return { records, unmeasured, contended };
  }

  private entry(id: string): Entry {
    return this.entries.get(id)!;
  }
}

function toRecord(
  id: string,
  { stats, flags, slowdown }: Assessment,
  quiet: QuietJudgement,
  more: readonly MeasurementFlag[] = [],
): ProfiledRecord | undefined {
  if (stats === undefined) return undefined;
  const { levelMs } = quiet;
  return { status: 'ok', id, stats, flags: [...flags, ...more], slowdown, ...(levelMs !== undefined && { quietLevelMs: levelMs }) };
}
