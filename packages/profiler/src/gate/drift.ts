import { median } from '@nnm/core';
import type { DriftInterval, DriftSummary } from '../types.ts';
import { isQuiet } from './gate.ts';
import type { SessionLevel, SlowerEvidence } from './known-levels.ts';
import { judgeQuietLevel, type QuietJudgement, QuietLevelLearner } from './quiet-level.ts';

/** A session that has probed this long and this often, together with those before it that did not meet a quiet moment, has had a fair chance to. */
const FAIR_CHANCE_MS = 60_000;
const FAIR_CHANCE_PROBES = 400;
/** Probes speak for no more time than this: a process may be stopped, and a machine sleep, in the middle of a visit. */
const MAX_SPAN_MS = 10_000;
const NOTABLE_STOP_MS = 100;
/** Quiet for less than this share of its time, a session has flagged about everything. */
const FLAGGED_SHARE = 0.02;
const MAX_PROBES_KEPT = 200_000;
const MAX_INTERVALS = 600;

/** The reference probes of a session over time: what the machine was like while the kernels were measured. */
export class DriftLog {
  private readonly learner = new QuietLevelLearner();
  private times: number[] = [];
  private probes: number[] = [];
  private addedUntilMs = 0;
  private probedMs = 0;

  /**
   * @param knownLevelMs - best quiet level of earlier sessions
   * @param slower - what the sessions say that have not come near it since
   */
  constructor(
    readonly knownLevelMs: number | undefined,
    private readonly tolerance: number,
    private readonly slower?: SlowerEvidence | undefined,
  ) {}

  /** Add probes made until `nowMs` (since the session's start); together they speak for the time since the ones before. */
  add(nowMs: number, probes: readonly number[]): void {
    const passedMs = Math.min(nowMs - this.addedUntilMs, MAX_SPAN_MS);
    const spanMs = passedMs / probes.length;
    this.addedUntilMs = nowMs;
    if (probes.some((probeMs) => probeMs > 0)) this.probedMs += passedMs;
    for (const probeMs of probes) {
      if (!(probeMs > 0)) continue;
      this.learner.add(probeMs, spanMs);
      this.times.push(nowMs);
      this.probes.push(probeMs);
    }
    if (this.probes.length > MAX_PROBES_KEPT) {
      this.times = this.times.filter((_, index) => index % 2 === 0);
      this.probes = this.probes.filter((_, index) => index % 2 === 0);
    }
  }

  /** What the gate judges by now. */
  judge(): QuietJudgement {
    return judgeQuietLevel(this.knownLevelMs, this.learner, this.hadFairChance, this.tolerance);
  }

  private get hadFairChance(): boolean {
    const { learner, probedMs, slower, tolerance } = this;
    if (isFairChance(learner.probes, probedMs)) return true;
    // Earlier sessions speak for this one only as far as it confirms them.
    const isConfirmed = slower !== undefined && (learner.levelMs ?? Number.POSITIVE_INFINITY) <= slower.levelMs * (1 + tolerance);
    return isConfirmed && isFairChance(learner.probes + slower.probes, probedMs + slower.probedMs);
  }

  /** By how much the session was slower than the best that is known, when it never came near that: 1.4 is 40 %. */
  private get unreached(): number | undefined {
    const { knownLevelMs, sessionLevelMs, tolerance } = this;
    if (knownLevelMs === undefined || sessionLevelMs === undefined || sessionLevelMs <= knownLevelMs * (1 + tolerance)) return undefined;
    return sessionLevelMs / knownLevelMs;
  }

  /** What later sessions should know of this one; undefined when it has seen too little. */
  levelToKeep(at: string): SessionLevel | undefined {
    const { levelMs } = this.learner;
    return levelMs === undefined ? undefined : { levelMs, at, probes: this.count, probedMs: Math.round(this.probedMs) };
  }

  /** Level learned in this session alone, milliseconds. */
  get sessionLevelMs(): number | undefined {
    return this.learner.levelMs;
  }

  /** Probes seen in this session. */
  get count(): number {
    return this.learner.probes;
  }

  /** The latest probe relative to the quiet level; 1 while nothing is known. */
  get slowdown(): number {
    const { levelMs } = this.judge();
    const last = this.probes.at(-1);
    return levelMs === undefined || last === undefined ? 1 : last / levelMs;
  }

  /** Share of the latest probes, `count` of them, that were quiet; 0 without probes. */
  recentQuietShare(count: number): number {
    const recent = this.probes.slice(-count);
    const { levelMs } = this.judge();
    return recent.filter((probe) => isQuiet(probe, levelMs, this.tolerance)).length / Math.max(1, recent.length);
  }

  /** Share of the time so far that was quiet, as far as probes tell; NaN without probes. */
  get quietShare(): number {
    const { levelMs } = this.judge();
    return this.learner.shareUpTo(levelMs === undefined ? Number.POSITIVE_INFINITY : levelMs * (1 + this.tolerance));
  }

  /** @param kernels - what the sentence tells: counts of those measured, measured under contention, flagged, and how long a CPU quota has stopped them */
  summarise(kernels: {
    readonly measured: number;
    readonly contended: number;
    readonly flagged: number;
    readonly stoppedMs?: number;
  }): DriftSummary {
    const { levelMs, doubted } = this.judge();
    const { quietShare } = this;
    const counts = `${kernels.contended} of ${kernels.measured} kernels measured under contention, ${kernels.flagged} flagged`;
    const share = Number.isNaN(quietShare) ? '' : `; the machine was quiet ${Math.round(quietShare * 100)} % of the time`;
    const { stoppedMs = 0 } = kernels;
    const stopped = stoppedMs < NOTABLE_STOP_MS ? '' : `; the container's CPU quota stopped it for ${(stoppedMs / 1000).toFixed(1)} s`;
    const { unreached } = this;
    const isFlagged = doubted || quietShare < FLAGGED_SHARE;
    const doubt =
      unreached === undefined || !isFlagged
        ? ''
        : `; it never came near its best known speed (${unreached.toFixed(2)} times slower), so every latency is in doubt: see \`nnm doctor\``;
    return {
      quietShare,
      probes: this.count,
      quietLevelMs: levelMs,
      knownLevelMs: this.knownLevelMs,
      sessionLevelMs: this.sessionLevelMs,
      doubted,
      ...(unreached !== undefined && {
        unreached: { slowdown: unreached, ...(this.slower !== undefined && { since: this.slower.since }) },
      }),
      intervals: this.intervals(levelMs),
      text: `${counts}${share}${stopped}${doubt}.`,
    };
  }

  private intervals(levelMs: number | undefined): readonly DriftInterval[] {
    const endMs = this.times.at(-1) ?? 0;
    let lengthMs = 1000;
    while (endMs / lengthMs > MAX_INTERVALS) lengthMs *= 2;
    const byInterval = new Map<number, number[]>();
    this.probes.forEach((probe, index) => {
      const interval = Math.floor(this.times[index]! / lengthMs);
      const members = byInterval.get(interval);
      if (members === undefined) byInterval.set(interval, [probe]);
      else members.push(probe);
    });
    return [...byInterval].map(([interval, members]) => ({
      atMs: interval * lengthMs,
      slowdown: levelMs === undefined ? 1 : median(members) / levelMs,
      quietShare: members.filter((probe) => isQuiet(probe, levelMs, this.tolerance)).length / members.length,
    }));
  }
}

function isFairChance(probes: number, probedMs: number): boolean {
  return probes >= FAIR_CHANCE_PROBES && probedMs >= FAIR_CHANCE_MS;
}
