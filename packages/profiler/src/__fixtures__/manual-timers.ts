import type { Timers } from '../timers.ts';

/** Time that passes only when a test says so. */
export class ManualTimers implements Timers {
  private ms = 0;
  private waiting: { readonly atMs: number; readonly action: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { atMs: this.ms + ms, action };
    this.waiting.push(timer);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    this.ms += ms;
    const due = this.waiting.filter(({ atMs }) => atMs <= this.ms);
    this.waiting = this.waiting.filter(({ atMs }) => atMs > this.ms);
    for (const { action } of due) action();
  }
}
