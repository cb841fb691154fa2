import type { SilenceWatch } from './messages.ts';

/** A process that has left so many pings in a row without an answer is silent. Counted, not timed: a computer may have slept. */
const UNANSWERED = 5;

/** Watches over a process that has promised to give control back now and then. */
export class SilenceDetector {
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private unanswered = 0;
  private broken: SilenceWatch['error'] | undefined;

  /**
   * @param ping - asks the process whether it is alive
   * @param onSilence - called once, when it has not answered
   */
  constructor(
    private readonly ping: () => void,
    private readonly onSilence: () => void,
  ) {}

  /** What the process ends with because it was silent; undefined while it keeps its promises. */
  get error(): SilenceWatch['error'] | undefined {
    return this.broken;
  }

  add(id: number, { afterMs, silenceMs, error }: SilenceWatch): void {
    const look = (): void => {
      if (this.unanswered < UNANSWERED) {
        this.unanswered++;
        this.ping();
        return;
      }
      this.end();
      this.broken = error;
      this.onSilence();
    };
    const begin = (): void => {
      this.unanswered = 0;
      this.timers.set(id, setInterval(look, silenceMs / UNANSWERED));
    };
    this.timers.set(id, setTimeout(begin, afterMs));
  }

  /** The promise is kept. */
  remove(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  /** Whatever the process says, it is alive. */
  heard(): void {
    this.unanswered = 0;
  }

  end(): void {
    for (const id of [...this.timers.keys()]) this.remove(id);
  }
}
