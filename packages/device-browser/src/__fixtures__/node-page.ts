import { decodeMessage, encodeMessage } from '@nnm/core';
import { WebSocket } from 'ws';
import type { FromPage, ToPage } from '../protocol.ts';

/** How a page of a test joins. */
export interface NodePageOptions {
  /** As nnm prints it. */
  readonly link: string;
  readonly page?: string;
  readonly hidden?: boolean;
  /** Kernels that it never answers for, by the text of their model. */
  readonly silentOn?: RegExp;
}

const SLICE = { runs: 5, minMs: 1, medianMs: 1, meanMs: 1, probeMs: Number.NaN, cpuShare: Number.NaN };
const VISIT = {
  visit: { firstProbeMs: Number.NaN, slices: [SLICE] },
  ...{ warmupMs: 1, timedMs: 5, probeMs: 0, waitedMs: 0, waitProbes: [], warmupRuns: 1, loadMs: 1, rssBytes: 0 },
};

/** A page without a browser: it speaks the page's side of the protocol, and every visit takes 1 ms by its word. */
export class NodePage {
  /** Everything that it was told, oldest first. */
  readonly heard: ToPage[] = [];
  private listeners: (() => void)[] = [];
  readonly closed: Promise<number>;

  private constructor(
    private readonly socket: WebSocket,
    { page = 'page-1', hidden = false, silentOn = /^$/ }: NodePageOptions,
  ) {
    socket.on('message', (data: Buffer) => {
      const message = decodeMessage(data) as ToPage;
      this.heard.push(message);
      this.answer(message, silentOn);
      for (const listener of this.listeners) listener();
    });
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    const about = { userAgent: 'Mozilla/5.0 (Android 15; Mobile) Firefox/153.0', brands: [], platform: '', arch: '', model: '' };
    this.say({
      type: 'hello',
      page,
      hidden,
      about: { ...about, cores: 8, memoryGib: 0, isolated: true, secure: true, webgpu: false },
    });
  }

  static async join(options: NodePageOptions): Promise<NodePage> {
    const { origin, host } = new URL(options.link);
    const response = await fetch(options.link);
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    const socket = new WebSocket(`ws://${host}/socket`, { headers: { cookie, origin } });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new NodePage(socket, options);
  }

  say(message: FromPage): void {
    this.socket.send(encodeMessage(message));
  }

  /** Wait until it has been told something. */
  async until(holds: (heard: readonly ToPage[]) => boolean): Promise<void> {
    while (!holds(this.heard)) await new Promise<void>((resolve) => this.listeners.push(resolve));
  }

  /** As a browser does that crashes, or a network that ends. */
  vanish(): void {
    this.socket.terminate();
  }

  private answer(message: ToPage, silentOn: RegExp): void {
    if (message.type === 'ping') this.say({ type: 'pong', count: message.count });
    else if (message.type === 'start') this.say({ type: 'ready', host: message.host });
    else if (message.type === 'ask') {
      const { request } = message.message as { readonly request: { readonly type: string } };
      if (message.model !== undefined && silentOn.test(new TextDecoder().decode(message.model))) return;
      this.say({ type: 'reply', host: message.host, reply: { ok: true, value: answerTo(request.type) } });
    }
  }
}

function answerTo(type: string): unknown {
  if (type === 'start') return { info: { runtime: 'Node page', version: '1', threads: 1, options: {} }, rssBytes: 0 };
  return type === 'visit' ? VISIT : undefined;
}
