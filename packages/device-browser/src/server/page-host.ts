import type { HostDeath, HostListener, HostTransport } from '@nnm/core';
import type { ToPage } from '../protocol.ts';

/** A measuring host in a worker of the page, as the engine sees it. */
export class PageHost implements HostTransport {
  private over = false;
  private settle: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.settle = resolve;
  });

  constructor(
    private readonly number: number,
    private readonly listener: HostListener,
    private readonly say: (message: ToPage) => void,
  ) {}

  get hasEnded(): boolean {
    return this.over;
  }

  send(message: object, model?: Uint8Array): void {
    this.say({ type: 'ask', host: this.number, message, ...(model !== undefined && { model }) });
  }

  kill(death: HostDeath = { code: 'ERR_KERNEL_KILLED', reason: 'was told to stop' }): void {
    if (this.over) return;
    this.say({ type: 'end', host: this.number });
    this.end(death);
  }

  /** A reply has come from its worker. */
  reply(reply: unknown): void {
    if (!this.over) this.listener.message(reply);
  }

  /** It is gone. */
  end(death: HostDeath): void {
    if (this.over) return;
    this.over = true;
    this.listener.end(death);
    this.settle();
  }
}
