import type { VisitCost } from '../types.ts';
import { LeftEstimate } from './left-estimate.ts';

const PARTS = ['convertMs', 'loadMs', 'warmupMs', 'timedMs', 'probeMs', 'waitedMs'] as const;

/** Where the time of a run goes, what is left of its budget, and how long the rest will take. */
export class RunClock {
  private readonly startedMs: number;
  private readonly left = new LeftEstimate();
  private visitCount = 0;
  private readonly spent = { convertMs: 0, loadMs: 0, warmupMs: 0, timedMs: 0, probeMs: 0, waitedMs: 0 };

  /** @param budgetMs - wall-clock time for the run; @param minVisits - visits that a kernel needs at least; @param now - milliseconds */
  constructor(
    private readonly budgetMs: number | undefined,
    private readonly minVisits: number,
    private readonly now: () => number,
  ) {
    this.startedMs = now();
  }

  addVisit(cost: VisitCost): void {
    this.visitCount++;
    for (const part of PARTS) this.spent[part] += cost[part];
  }

  get visits(): number {
    return this.visitCount;
  }

  get cost(): VisitCost {
    return { ...this.spent };
  }

  get isOver(): boolean {
    return this.budgetMs !== undefined && this.now() - this.startedMs >= this.budgetMs;
  }

  /** False once the rest of the budget is needed for the kernels that are waiting for another visit. */
  mayStartFresh(returning: number): boolean {
    if (this.budgetMs === undefined || this.visitCount === 0) return true;
    const leftMs = this.budgetMs - (this.now() - this.startedMs);
    return leftMs > (returning + this.minVisits) * this.visitMs;
  }

  /**
   * Estimated time left, milliseconds; undefined before anything is known. Call it after each visit: it goes by how the run has gone.
   *
   * @param waiting - kernels never visited, and kernels to be visited again
   * @param progress - kernels with a record, of how many
   * @param settleVisits - visits that come on top, to kernels whose record is flagged
   */
  estimateLeftMs(
    waiting: { readonly fresh: number; readonly returning: number },
    { finished, jobs }: { readonly finished: number; readonly jobs: number },
    settleVisits: number,
  ): number | undefined {
    if (this.visitCount < 3) return undefined;
    const perKernel = Math.max(this.minVisits, finished > 0 ? this.visitCount / (finished + waiting.returning / 2) : 0);
    const visits = waiting.fresh * perKernel + waiting.returning * Math.max(1, perKernel / 2);
    const nowMs = this.now();
    const leftMs = this.left.add({ atMs: nowMs, done: finished, jobs, plannedMs: visits * this.visitMs });
    const budgetLeftMs = (this.budgetMs ?? Number.POSITIVE_INFINITY) - (nowMs - this.startedMs);
    return leftMs === undefined ? undefined : Math.max(0, Math.min(leftMs + settleVisits * this.visitMs, budgetLeftMs));
  }

  private get visitMs(): number {
    return (this.now() - this.startedMs) / this.visitCount;
  }
}
