import type { VisitCost } from '../types.ts';

const PARTS = ['convertMs', 'loadMs', 'warmupMs', 'timedMs', 'probeMs', 'waitedMs'] as const;

/** Where the time of a run goes, what is left of its budget, and how long the rest will take. */
export class RunClock {
  private readonly startedMs: number;
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

  /** Estimated time left, milliseconds; undefined before anything is known. */
  estimateLeftMs(waiting: { readonly fresh: number; readonly returning: number }, finished: number): number | undefined {
    if (this.visitCount < 3) return undefined;
    const perKernel = Math.max(this.minVisits, finished > 0 ? this.visitCount / (finished + waiting.returning / 2) : 0);
    const visits = waiting.fresh * perKernel + waiting.returning * Math.max(1, perKernel / 2);
    const leftMs = visits * this.visitMs;
    const budgetLeftMs = (this.budgetMs ?? Number.POSITIVE_INFINITY) - (this.now() - this.startedMs);
    return Math.max(0, Math.min(leftMs, budgetLeftMs));
  }

  private get visitMs(): number {
    return (this.now() - this.startedMs) / this.visitCount;
  }
}
