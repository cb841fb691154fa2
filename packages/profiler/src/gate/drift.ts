import { median } from '@nnm/core';
import type { DriftInterval, DriftSummary } from '../types.ts';
import { isQuiet } from './gate.ts';
import { judgeQuietLevel, type QuietJudgement, QuietLevelLearner } from './quiet-level.ts';

/** A session that has probed this long and this often has had a fair chance to meet a quiet moment. */
const FAIR_CHANCE_MS = 60_000;
const FAIR_CHANCE_PROBES = 400;
const MAX_PROBES_KEPT = 200_000;
const MAX_INTERVALS = 600;

/** The reference probes of a session over time: what the machine was like while the kernels were measured. */
export class DriftLog {
  private readonly learner = new QuietLevelLearner();
  private times: number[] = [];
  private probes: number[] = [];
  private addedUntilMs = 0;

  /** @param knownMs - best quiet level of earlier sessions */
  constructor(
    private readonly knownMs: number | undefined,
    private readonly tolerance: number,
  ) {}

  /** Add probes made until `nowMs` (since the session's start); together they speak for the time since the ones before. */
  add(nowMs: number, probes: readonly number[]): void {
    const spanMs = (nowMs - this.addedUntilMs) / probes.length;
    this.addedUntilMs = nowMs;
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
    return judgeQuietLevel(this.knownMs, this.learner, this.hadFairChance, this.tolerance);
  }

  private get hadFairChance(): boolean {
    return (this.times.at(-1) ?? 0) >= FAIR_CHANCE_MS && this.learner.probes >= FAIR_CHANCE_PROBES;
  }

  /** The level to remember for later sessions; undefined when this one saw too little to add anything. */
  get levelToKeep(): number | undefined {
    const { levelMs } = this.learner;
    if (levelMs === undefined) return undefined;
    return this.knownMs === undefined || levelMs < this.knownMs || this.hadFairChance ? levelMs : undefined;
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

  /** @param kernels - counts for the sentence: measured, measured under contention, flagged */
  summarise(kernels: { readonly measured: number; readonly contended: number; readonly flagged: number }): DriftSummary {
    const { levelMs, doubted } = this.judge();
    const { quietShare } = this;
    const counts = `${kernels.contended} of ${kernels.measured} kernels measured under contention, ${kernels.flagged} flagged`;
    const share = Number.isNaN(quietShare) ? '' : `; the machine was quiet ${Math.round(quietShare * 100)} % of the time`;
    const doubt = doubted
      ? `; it never came near its best known speed (${(levelMs! / this.knownMs!).toFixed(2)} times slower), so every latency is in doubt`
      : '';
    return {
      quietShare,
      probes: this.count,
      quietLevelMs: levelMs,
      knownLevelMs: this.knownMs,
      sessionLevelMs: this.sessionLevelMs,
      doubted,
      intervals: this.intervals(levelMs),
      text: `${counts}${share}${doubt}.`,
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
