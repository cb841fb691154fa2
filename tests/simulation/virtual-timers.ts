import type { Timers } from '@nnm/profiler';

/** A clock that moves when it is looked at, and that can be set. Nothing ever falls due. */
export class VirtualTimers implements Timers {
  private nowMs = 0;
  private hostMs = 0;

  now(): number {
    this.nowMs += 0.25;
    return this.nowMs;
  }

  /** Nobody can set it. */
  hostClock(): number {
    this.hostMs += 0.25;
    return this.hostMs;
  }

  after(): () => void {
    return () => undefined;
  }

  /** Somebody sets the clock, forwards or back. */
  jump(ms: number): void {
    this.nowMs += ms;
  }
}
