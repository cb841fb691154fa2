import type { Rng } from '@nnm/core';

/**
 * Which kernel is visited next: every kernel once in shuffled order, and each again when its time has come, so that its
 * visits are spread over time and a bad minute does not become a property of a kernel.
 *
 * A kernel's second visit does not wait for everybody's first: in a run of hours, records are finished all along.
 */
export class VisitQueue {
  private readonly fresh: string[];
  private readonly returning: { id: string; dueMs: number }[] = [];

  /** @param ids - kernels without a visit; @param returning - kernels that have some, due at once */
  constructor(ids: readonly string[], returning: readonly string[], rng: Rng) {
    this.fresh = rng.shuffle(ids);
    for (const id of rng.shuffle(returning)) this.returning.push({ id, dueMs: 0 });
  }

  /** Kernels never visited, and kernels to be visited again. */
  get waiting(): { readonly fresh: number; readonly returning: number } {
    return { fresh: this.fresh.length, returning: this.returning.length };
  }

  /**
   * Take the next kernel off the queue; undefined when it is empty.
   *
   * @param startFresh - false when there is no time left to start kernels that could not be finished
   */
  next(nowMs: number, startFresh = true): string | undefined {
    const due = this.returning[0];
    const mayStart = startFresh && this.fresh.length > 0;
    if (due !== undefined && (due.dueMs <= nowMs || !mayStart)) return this.returning.shift()!.id;
    return mayStart ? this.fresh.shift() : undefined;
  }

  /** Put a kernel back, to be visited again at `dueMs` or when nothing else waits. */
  putBack(id: string, dueMs: number): void {
    const place = this.returning.findIndex((other) => other.dueMs > dueMs);
    this.returning.splice(place === -1 ? this.returning.length : place, 0, { id, dueMs });
  }

  /** Kernels still on the queue. */
  remaining(): readonly string[] {
    return [...this.fresh, ...this.returning.map(({ id }) => id)];
  }
}
