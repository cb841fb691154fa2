import { AbortedError, type AnyBackend, deviceOf } from '@nnm/core';
import { RuntimeStartTimeoutError } from '../errors.ts';
import type { Timers } from '../timers.ts';

/** The reason of a limit's signal when the time budget is over: the run ends, and that is no error. */
export const BUDGET_OVER = new Error('The time budget is over.');

/** Visits that were begun within the budget may take this much longer before they are given up... */
const VISIT_GRACE_MS = 2000;
/** ...and a runtime may take this long to start, however small the budget is: in a process of its own, and in this one. */
const START_GRACE_MS = { process: 15_000, here: 5000 } as const;

/** How long the runtime of a backend may take to start: on a device, also until somebody has brought it. Milliseconds. */
export function startPatience(backend: AnyBackend): number {
  const device = deviceOf(backend);
  if (device !== undefined) return device.patienceMs + START_GRACE_MS.process;
  return backend.runtime instanceof URL ? START_GRACE_MS.process : START_GRACE_MS.here;
}

/** What ends a run from outside: the caller's signal, and its time budget, which also ends what hangs. */
export class RunLimits {
  private readonly controller = new AbortController();
  private readonly startedMs: number;
  private cancel: () => void = () => undefined;
  private readonly abort: () => void;

  constructor(
    private readonly budgetMs: number | undefined,
    private readonly outer: AbortSignal | undefined,
    private readonly timers: Timers,
    startGraceMs: number,
  ) {
    this.startedMs = timers.now();
    this.abort = () => this.controller.abort(new AbortedError({ what: 'Profiling' }, { cause: outer?.reason }));
    if (outer?.aborted) this.abort();
    outer?.addEventListener('abort', this.abort, { once: true });
    if (budgetMs === undefined) return;
    const startMs = Math.max(budgetMs + VISIT_GRACE_MS, startGraceMs);
    this.cancel = timers.after(startMs, () => this.controller.abort(new RuntimeStartTimeoutError({ seconds: startMs / 1000 })));
  }

  /** The runtime is there: from now on the budget ends the run, not with an error. */
  runtimeStarted(): void {
    this.cancel();
    if (this.budgetMs === undefined) return;
    const leftMs = this.budgetMs + VISIT_GRACE_MS - (this.timers.now() - this.startedMs);
    this.cancel = this.timers.after(Math.max(0, leftMs), () => this.controller.abort(BUDGET_OVER));
  }

  /** Fires when whatever is going on must end now: its reason is {@link BUDGET_OVER} or the error to throw. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** @throws {@link AbortedError} when the caller's signal has fired */
  throwIfAborted(): void {
    if (this.outer?.aborted) throw this.controller.signal.reason;
  }

  close(): void {
    this.cancel();
    this.outer?.removeEventListener('abort', this.abort);
  }
}
