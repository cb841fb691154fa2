import { decodeMessage, encodeMessage, type HostDeath, type HostListener } from '@nnm/core';
import type { WebSocket } from 'ws';
import type { AboutPage, FromPage, ToPage } from '../protocol.ts';
import { PageHost } from './page-host.ts';

/** Somebody must answer within this time while nothing is measured on the same thread... */
const PING_MS = 5000;
const SILENCE_MS = 20_000;
/** ...and a page that is asked whether it is there, because another one wants its place, within this. */
const QUICK_MS = 2000;
/** Longest that a worker may take to be loaded. */
const READY_MS = 30_000;

/** How a page ended its connection: it said so, or it did not. */
export interface LinkEnd {
  readonly saidBye: boolean;
}

/** What somebody who keeps a page wants to hear of it. */
export interface LinkListener {
  /** It has been hidden, or is in front again. */
  visibility(hidden: boolean): void;
  end(how: LinkEnd): void;
}

/** One connected page. */
export class PageLink {
  private readonly hosts = new Map<number, PageHost>();
  private readonly loading = new Map<number, () => void>();
  private nextHost = 1;
  private heardMs = performance.now();
  private saidBye = false;
  private answered: () => void = () => undefined;
  private readonly pings: NodeJS.Timeout;
  isHidden: boolean;

  constructor(
    private readonly socket: WebSocket,
    readonly page: string,
    readonly about: AboutPage,
    isHidden: boolean,
    private readonly listener: LinkListener,
  ) {
    this.isHidden = isHidden;
    socket.on('message', (data: Buffer) => this.take(data));
    socket.on('close', () => this.close());
    // A broken connection closes too.
    socket.on('error', () => undefined);
    this.pings = setInterval(() => this.watch(), PING_MS);
    this.pings.unref();
  }

  /** The first message of a page is `hello`; undefined when it is anything else. */
  static readHello(data: Buffer): (FromPage & { type: 'hello' }) | undefined {
    const message = readMessage(data);
    return message?.type === 'hello' ? message : undefined;
  }

  get hasHosts(): boolean {
    return this.hosts.size > 0;
  }

  /** Load a worker for a measuring host. The host ends like any other when that does not come to an end. */
  async startHost(listener: HostListener): Promise<PageHost> {
    const number = this.nextHost++;
    const forget: HostListener = {
      message: (message) => listener.message(message),
      end: (death) => {
        this.hosts.delete(number);
        this.loading.get(number)?.();
        listener.end(death);
      },
    };
    const host = new PageHost(number, forget, (message) => this.say(message));
    this.hosts.set(number, host);
    this.say({ type: 'start', host: number });
    const late = setTimeout(() => host.kill({ code: 'ERR_KERNEL_TIMEOUT', reason: 'did not load its worker' }), READY_MS);
    await new Promise<void>((resolve) => this.loading.set(number, resolve));
    clearTimeout(late);
    this.loading.delete(number);
    return host;
  }

  /** Whether the page answers now. */
  async isThere(): Promise<boolean> {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    const answer = new Promise<boolean>((resolve) => {
      this.answered = () => resolve(true);
      setTimeout(() => resolve(false), QUICK_MS).unref();
    });
    this.say({ type: 'ping', count: 0 });
    return answer;
  }

  /** End all of its hosts. */
  endHosts(death: HostDeath): void {
    for (const host of [...this.hosts.values()]) host.end(death);
  }

  disconnect(code: number): void {
    this.socket.close(code);
  }

  /** It does not answer: the connection is cut. */
  cut(): void {
    this.socket.terminate();
  }

  private say(message: ToPage): void {
    // A connection that is closing says so by itself.
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(encodeMessage(message), () => undefined);
  }

  private take(data: Buffer): void {
    const message = readMessage(data);
    if (message === undefined) {
      this.cut();
      return;
    }
    this.heardMs = performance.now();
    this.saidBye = false; // a page that speaks again has not left
    switch (message.type) {
      case 'ready':
        this.loading.get(message.host)?.();
        break;
      case 'reply':
        this.hosts.get(message.host)?.reply(message.reply);
        break;
      case 'died':
        this.hosts.get(message.host)?.end({ code: 'ERR_KERNEL_CRASHED', reason: `ended its worker, saying "${message.reason}"` });
        break;
      case 'visibility':
        this.isHidden = message.hidden;
        if (message.hidden) this.endHosts({ code: 'ERR_DEVICE_AWAY', reason: 'hid the page' });
        this.listener.visibility(message.hidden);
        break;
      case 'slept': {
        const seconds = Math.round(message.ms / 1000);
        this.endHosts({ code: 'ERR_DEVICE_AWAY', reason: `slept for ${seconds} s` });
        break;
      }
      case 'bye':
        this.saidBye = true;
        this.endHosts({ code: 'ERR_DEVICE_AWAY', reason: 'closed, left or reloaded the page' });
        break;
      case 'pong':
        this.answered();
        break;
      case 'hello':
        this.cut();
    }
  }

  private watch(): void {
    const silentMs = performance.now() - this.heardMs;
    if (silentMs > SILENCE_MS) {
      this.endHosts({ code: 'ERR_DEVICE_AWAY', reason: `did not answer for ${Math.round(silentMs / 1000)} s` });
      this.cut();
    } else this.say({ type: 'ping', count: 1 });
  }

  private close(): void {
    clearInterval(this.pings);
    this.listener.end({ saidBye: this.saidBye });
  }
}

/** A message of a page; undefined for what is none. What a host replies is checked by the engine. */
function readMessage(data: Buffer): FromPage | undefined {
  try {
    const message = decodeMessage(data) as Partial<FromPage> | null;
    return typeof message === 'object' && message !== null && typeof message.type === 'string' ? (message as FromPage) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
