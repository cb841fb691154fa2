import type { ProfileEvent, Timers } from '@nnm/profiler';
import { StoppableWait } from './stoppable-wait.ts';

/** The time is over while the server is away. */
export const OUT_OF_TIME = new Error('The time budget is over.');

/** How long an answer may take before a user is told. */
const ANSWER_MS = 5000;
/** What nothing goes on for is told again after this long. */
const SAY_AGAIN_MS = 60_000;

/** The server of a queue, which may be away for any time: it is asked until it answers, the time is over, or the run is stopped. */
export class PatientServer {
  private readonly waiting: StoppableWait;
  private said = { reason: '', atMs: Number.NEGATIVE_INFINITY };
  private endMs: number;

  /**
   * @param shown - the address without its password
   * @param signal - stops the run
   * @param budgetMs - for the whole run
   */
  constructor(
    private readonly shown: string,
    private readonly timers: Timers,
    private readonly signal: AbortSignal,
    budgetMs = Number.POSITIVE_INFINITY,
  ) {
    this.waiting = new StoppableWait(timers, signal);
    this.endMs = timers.now() + budgetMs;
  }

  get leftMs(): number {
    return this.endMs - this.timers.now();
  }

  get isOutOfTime(): boolean {
    return this.leftMs <= 0;
  }

  /** From now on the time is over after this long at the latest. */
  shorten(leftMs: number): void {
    this.endMs = Math.min(this.endMs, this.timers.now() + leftMs);
  }

  get lostConnection(): string {
    return `The connection to the queue at ${this.shown} is lost; it is tried again and again.`;
  }

  /** Tell why nothing goes on, once, and again after a while. */
  *say(reason: string): Generator<ProfileEvent, void> {
    const now = this.timers.now();
    if (reason === this.said.reason && now - this.said.atMs < SAY_AGAIN_MS) return;
    this.said = { reason, atMs: now };
    yield { type: 'waiting', reason };
  }

  /** It goes on: the same reason is news again. */
  goOn(): void {
    this.said = { reason: '', atMs: Number.NEGATIVE_INFINITY };
  }

  /** What the server answers; undefined when it is away. */
  async answer<T>(work: Promise<T>): Promise<T | undefined> {
    return (await this.waiting.within(work, ANSWER_MS))?.value;
  }

  /** What the server answers, however long it is away. @throws {@link OUT_OF_TIME}, and what the run was stopped with */
  async *insist<T>(work: () => Promise<T>): AsyncGenerator<ProfileEvent, T> {
    const answer = work();
    for (;;) {
      const first = await this.waiting.within(answer, ANSWER_MS);
      if (first !== undefined) return first.value;
      yield* this.say(this.lostConnection);
      if (this.isOutOfTime) throw OUT_OF_TIME;
    }
  }

  /** @throws what the run was stopped with */
  async pause(ms: number): Promise<void> {
    await this.waiting.pause(Math.max(0, Math.min(ms, this.leftMs)));
    this.signal.throwIfAborted();
  }
}
