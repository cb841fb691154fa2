import type { HostDeath } from '@nnm/core';
import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES } from '../protocol.ts';
import { PageLink } from './page-link.ts';

/** A page that lost its connection without a word may come back with it within this time; a page that is loaded again is another one. */
const RETURN_MS = 4000;

/** The one place for a page: the first takes it, a second is told so, and one that comes back finds it free. */
export class PageSeat {
  private link: PageLink | undefined;
  /** A page that is gone without a word, and its hosts, whose fate is not known yet. */
  private lost: { readonly link: PageLink; readonly timer: NodeJS.Timeout } | undefined;
  private waiting: ((link: PageLink) => void)[] = [];

  /** @param onHidden - the page that sits here has been hidden, or is in front again */
  constructor(private readonly onHidden: (hidden: boolean) => void) {}

  /** A connection that may become the page's. */
  join(socket: WebSocket): void {
    socket.on('error', () => undefined); // it closes, which says all
    socket.once('message', (data: RawData) => void this.takeHello(socket, data as Buffer));
  }

  /** The page that sits here, visible; undefined when there is none. */
  get visible(): PageLink | undefined {
    return this.link?.isHidden === false ? this.link : undefined;
  }

  get isTaken(): boolean {
    return this.link !== undefined;
  }

  /** Wait for a visible page. @returns undefined when none comes in time, or {@link signal} fires */
  async whenVisible(waitMs: number, signal: AbortSignal): Promise<PageLink | undefined> {
    if (this.visible !== undefined) return this.visible;
    return new Promise((resolve) => {
      const finish = (link: PageLink | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.waiting = this.waiting.filter((one) => one !== finish);
        resolve(link);
      };
      const stop = (): void => finish(undefined);
      const timer = setTimeout(stop, waitMs);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      else this.waiting.push(finish);
    });
  }

  /** Whoever sits here is gone, for a reason that is known. */
  empty(death: HostDeath): void {
    const links = [this.lost?.link, this.link];
    if (this.lost !== undefined) clearTimeout(this.lost.timer);
    this.lost = undefined;
    this.link = undefined;
    for (const link of links) {
      link?.endHosts(death);
      link?.cut();
    }
  }

  /** nnm has finished: the page is told so. */
  dismiss(): void {
    this.link?.disconnect(CLOSE_CODES.finished);
  }

  private async takeHello(socket: WebSocket, data: Buffer): Promise<void> {
    const hello = PageLink.readHello(data);
    if (hello === undefined) {
      socket.terminate();
      return;
    }
    const { page, about, hidden } = hello;
    if (this.link !== undefined && this.link.page !== page && (await this.link.isThere())) {
      socket.close(CLOSE_CODES.secondTab);
      return;
    }
    this.link?.endHosts({ code: 'ERR_DEVICE_AWAY', reason: 'lost its connection' });
    this.link?.cut();
    this.settleLost(page);
    const link = new PageLink(socket, page, about, hidden, {
      visibility: (isHidden) => {
        if (this.link !== link) return;
        this.onHidden(isHidden);
        this.announce();
      },
      end: ({ saidBye }) => this.leave(link, saidBye),
    });
    this.link = link;
    if (hidden) this.onHidden(true);
    this.announce();
  }

  private announce(): void {
    const link = this.visible;
    if (link === undefined) return;
    for (const finish of this.waiting.splice(0)) finish(link);
  }

  private leave(link: PageLink, saidBye: boolean): void {
    if (this.link !== link) return;
    this.link = undefined;
    if (saidBye || !link.hasHosts) {
      link.endHosts({ code: 'ERR_DEVICE_AWAY', reason: 'closed, left or reloaded the page' });
      return;
    }
    // Whether what it measured has ended the page shows when it comes back, or does not.
    this.lost = { link, timer: setTimeout(() => this.settleLost(undefined), RETURN_MS) };
  }

  /** @param back - the page that has come; undefined when none has */
  private settleLost(back: string | undefined): void {
    if (this.lost === undefined) return;
    const { link, timer } = this.lost;
    clearTimeout(timer);
    this.lost = undefined;
    link.endHosts(
      back === link.page
        ? { code: 'ERR_DEVICE_AWAY', reason: 'lost its connection' }
        : { code: 'ERR_KERNEL_CRASHED', reason: 'lost its page: the browser ended it, or it ran out of memory,' },
    );
  }
}
