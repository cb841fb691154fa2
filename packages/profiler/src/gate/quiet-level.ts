import { exp, log } from '@nnm/core';

/** Width of a histogram bin: 0.5 % in speed. */
const BIN = log(1.005);
/** Bins that form a level: probes within 3 %. */
const WINDOW = 6;
/** Probes that must confirm a level, and as a share of all probes: a lucky few do not make one. */
const MIN_SUPPORT = 12;
const MIN_SUPPORT_SHARE = 0.003;

/**
 * Learns from reference probes how fast the machine is when nothing else uses it.
 *
 * The level is the lowest speed that several probes confirm, not an average: in a noisy minute everything looks normal at
 * half speed, and a mean or median learned there would accept everything. Memory does not grow with the number of probes.
 */
export class QuietLevelLearner {
  private readonly bins = new Map<number, number>();
  private readonly timeBins = new Map<number, number>();
  private total = 0;
  private learned: number | undefined;
  private stale = false;

  /**
   * @param probeMs - time of one reference probe; not-a-number and non-positive values are ignored
   * @param spanMs - time that the probe speaks for; without it every probe speaks for the same
   */
  add(probeMs: number, spanMs = 1): void {
    if (!(probeMs > 0 && probeMs < Number.POSITIVE_INFINITY)) return;
    const bin = Math.floor(log(probeMs) / BIN);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    this.timeBins.set(bin, (this.timeBins.get(bin) ?? 0) + spanMs);
    this.total++;
    this.stale = true;
  }

  /** Probes seen. */
  get probes(): number {
    return this.total;
  }

  /** Median of the lowest confirmed group of probes, milliseconds; undefined until there is one. */
  get levelMs(): number | undefined {
    if (this.stale) {
      this.learned = this.find(MIN_SUPPORT_SHARE);
      this.stale = false;
    }
    return this.learned;
  }

  /** Median of the lowest group that holds at least this share of all probes; undefined when there is none. */
  levelOfShare(share: number): number | undefined {
    return this.find(share);
  }

  /** Share of the time for which the probes that took at most `limitMs` speak, to the width of a histogram bin; NaN without probes. */
  shareUpTo(limitMs: number): number {
    const last = Math.floor(log(limitMs) / BIN);
    let share = 0;
    let total = 0;
    for (const [bin, spanMs] of this.timeBins) {
      total += spanMs;
      if (bin <= last) share += spanMs;
    }
    return share / total;
  }

  private find(share: number): number | undefined {
    const needed = Math.max(MIN_SUPPORT, Math.ceil(this.total * share));
    for (const bin of [...this.bins.keys()].sort((a, b) => a - b)) {
      const counts = Array.from({ length: WINDOW }, (_, offset) => this.bins.get(bin + offset) ?? 0);
      const support = counts.reduce((sum, count) => sum + count, 0);
      if (support >= needed) return exp((bin + middle(counts, support) + 0.5) * BIN);
    }
    return undefined;
  }
}

/** Index of the bin that holds the median. */
function middle(counts: readonly number[], total: number): number {
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below * 2 >= total;
  });
}

/** What the gate judges by. */
export interface QuietJudgement {
  /** Level that probes are compared with, milliseconds; undefined while nothing is known: then every probe counts as quiet. */
  readonly levelMs: number | undefined;
  /** The session has seen enough of the machine and never came near the best known level. */
  readonly doubted: boolean;
}

/** Quiet for less than this share of the time, a level is out of reach of the session... */
const UNREACHED_SHARE = 0.02;
/** ...and the level that this share of the probes reached takes its place. */
const SUSTAINED_SHARE = 0.05;
/** A machine that is slower than this all through a session is not merely warm. */
const DOUBT = 0.1;

/**
 * Choose the level to judge by: the best ever known, unless the session has had a fair chance and hardly ever reached it.
 *
 * Then the machine is slower than it was, for a reason the session cannot know: heat, a saved battery, a neighbour that
 * never rests. The session judges by the speed it does reach; by how much that is slower decides whether it is doubted.
 *
 * @param knownMs - best level of earlier sessions on this machine
 * @param hadFairChance - the session has probed long enough to have met a quiet moment
 */
export function judgeQuietLevel(
  knownMs: number | undefined,
  learner: QuietLevelLearner,
  hadFairChance: boolean,
  tolerance: number,
): QuietJudgement {
  const { levelMs } = learner;
  const bestMs = knownMs === undefined ? levelMs : Math.min(knownMs, levelMs ?? knownMs);
  if (bestMs === undefined || !hadFairChance || learner.shareUpTo(bestMs * (1 + tolerance)) >= UNREACHED_SHARE) {
    return { levelMs: bestMs, doubted: false };
  }
  const sustainedMs = learner.levelOfShare(SUSTAINED_SHARE) ?? bestMs;
  return { levelMs: sustainedMs, doubted: sustainedMs > bestMs * (1 + DOUBT) };
}
