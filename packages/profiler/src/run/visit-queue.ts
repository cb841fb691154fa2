import type { Rng } from '@nnm/core';

/**
 * Which kernel is visited next: every kernel once in shuffled order, and each again when its time has come, so that its
 * visits are spread over time and a bad minute does not become a property of a kernel.
 *
 * A kernel's second visit does not wait for everybody's first: in a run of hours, records are finished all along.
 */
export class VisitQueue {
  private readonly fresh: readonly string[];
  /** From here on the kernels that come last. */
  private readonly firstLast: number;
  private nextFresh = 0;
  private returning: { readonly id: string; readonly dueMs: number }[] = [];
  private nextReturning = 0;

  /**
   * @param ids - kernels without a visit
   * @param returning - kernels that have some, due at once
   * @param last - kernels that come after everything else has been done, and those that come after these
   */
  constructor(ids: readonly string[], returning: readonly string[], rng: Rng, ...last: readonly (readonly string[])[]) {
    const later = rng.fork('last');
    this.fresh = [...rng.shuffle(ids), ...last.flatMap((some) => later.shuffle(some))];
    this.firstLast = ids.length;
    this.returning = rng.shuffle(returning).map((id) => ({ id, dueMs: 0 }));
  }

  /** Kernels never visited, and kernels to be visited again. */
  get waiting(): { readonly fresh: number; readonly returning: number } {
    return { fresh: this.fresh.length - this.nextFresh, returning: this.returning.length - this.nextReturning };
  }

  /**
   * Take the next kernel off the queue; undefined when it is empty.
   *
   * @param startFresh - false when there is no time left to start kernels that could not be finished
   */
  next(nowMs: number, startFresh = true): string | undefined {
    const due = this.returning[this.nextReturning];
    const mayStart = startFresh && this.nextFresh < this.fresh.length;
    if (due !== undefined && (due.dueMs <= nowMs || !mayStart || this.nextFresh >= this.firstLast)) {
      this.nextReturning++;
      this.forgetTaken();
      return due.id;
    }
    return mayStart ? this.fresh[this.nextFresh++] : undefined;
  }

  /** Put a kernel back, to be visited again at `dueMs` or when nothing else waits. */
  putBack(id: string, dueMs: number): void {
    let from = this.nextReturning;
    let to = this.returning.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.returning[middle]!.dueMs > dueMs) to = middle;
      else from = middle + 1;
    }
    this.returning.splice(from, 0, { id, dueMs });
  }

  /** Cut off what was taken once that is more than half, so that taking one costs the same however many there are. */
  private forgetTaken(): void {
    if (this.nextReturning * 2 <= this.returning.length) return;
    this.returning = this.returning.slice(this.nextReturning);
    this.nextReturning = 0;
  }
}
