/** Width of a histogram bin: 0.5 % in speed. */
const BIN = Math.log(1.005);
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
  private total = 0;
  private learned: number | undefined;
  private stale = false;

  /** @param probeMs - time of one reference probe; not-a-number and non-positive values are ignored */
  add(probeMs: number): void {
    if (!(probeMs > 0)) return;
    const bin = Math.floor(Math.log(probeMs) / BIN);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    this.total++;
    this.stale = true;
  }

  /** Probes seen. */
  get probes(): number {
    return this.total;
  }

  /** Lower edge of the lowest confirmed group of probes, milliseconds; undefined until there is one. */
  get levelMs(): number | undefined {
    if (this.stale) {
      this.learned = this.find();
      this.stale = false;
    }
    return this.learned;
  }

  /** Share of the probes that took at most `limitMs`, to the width of a histogram bin; NaN without probes. */
  shareUpTo(limitMs: number): number {
    const last = Math.floor(Math.log(limitMs) / BIN);
    let count = 0;
    for (const [bin, members] of this.bins) if (bin <= last) count += members;
    return count / this.total;
  }

  private find(): number | undefined {
    const needed = Math.max(MIN_SUPPORT, Math.ceil(this.total * MIN_SUPPORT_SHARE));
    for (const bin of [...this.bins.keys()].sort((a, b) => a - b)) {
      let support = 0;
      for (let next = bin; next < bin + WINDOW; next++) support += this.bins.get(next) ?? 0;
      if (support >= needed) return Math.exp(bin * BIN);
    }
    return undefined;
  }
}

/** What the gate judges by. */
export interface QuietJudgement {
  /** Level that probes are compared with, milliseconds; undefined while nothing is known: then every probe counts as quiet. */
  readonly levelMs: number | undefined;
  /** The session has seen enough of the machine and never came near the best known level. */
  readonly doubted: boolean;
}

/**
 * Choose the level to judge by: the best ever known, unless the session has had a fair chance and never reached it.
 *
 * @param knownMs - best level of earlier sessions on this machine
 * @param sessionMs - level learned in this session
 * @param fairChance - the session has probed long enough to have met a quiet moment
 */
export function judgeQuietLevel(
  knownMs: number | undefined,
  sessionMs: number | undefined,
  fairChance: boolean,
  tolerance: number,
): QuietJudgement {
  if (knownMs === undefined || sessionMs === undefined) return { levelMs: knownMs ?? sessionMs, doubted: false };
  if (sessionMs <= knownMs * (1 + tolerance)) return { levelMs: Math.min(knownMs, sessionMs), doubted: false };
  return fairChance ? { levelMs: sessionMs, doubted: true } : { levelMs: knownMs, doubted: false };
}
