/** What is shown follows an estimate that has become smaller over this share of itself: it may have been too small a moment. */
const FOLLOWS_OVER = 0.5;
/** Estimates that are waited for before the first is shown: the first ones rest on little. */
const FIRST = 3;
/** An estimate so many times above what is shown makes that a lower bound. */
const DOUBTFUL = 1.5;

/**
 * Time left as it is shown to people: it never grows. Where estimates become smaller it follows them; where they become larger it goes down
 * more slowly, by the share of the work that the newer estimate says is being done, so that it never ends before the work does.
 */
export class TimeLeft {
  private shownMs: number | undefined;
  private estimateMs: number | undefined;
  private lastMs = 0;
  private told = 0;

  /**
   * @param estimateMs - time left by the newest estimate; undefined while there is none
   * @param nowMs - of any clock that does not go back
   */
  add(estimateMs: number | undefined, nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.lastMs);
    this.lastMs = nowMs;
    if (estimateMs === undefined || !Number.isFinite(estimateMs)) return;
    this.estimateMs = Math.max(0, estimateMs);
    this.told++;
    if (this.shownMs === undefined) {
      if (this.told >= FIRST) this.shownMs = this.estimateMs;
      return;
    }
    const share = passedMs / (passedMs + this.estimateMs || 1);
    const byWork = this.shownMs * (1 - share);
    const follows = passedMs / (passedMs + FOLLOWS_OVER * this.shownMs || 1);
    this.shownMs = this.estimateMs < byWork ? byWork + follows * (this.estimateMs - byWork) : byWork;
  }

  /** Milliseconds to show; undefined while nothing can be said. */
  get leftMs(): number | undefined {
    return this.shownMs;
  }

  /** True where it will take longer than is shown. */
  get isLowerBound(): boolean {
    return this.shownMs !== undefined && (this.estimateMs ?? 0) > DOUBTFUL * this.shownMs;
  }
}
