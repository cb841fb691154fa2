import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { NnmError } from '@nnm/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { PortInUseError } from '../errors.ts';
import { Access } from './access.ts';
import type { PageFiles } from './page-files.ts';

/** How the page is served. */
export interface PageServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Also to other machines of the network. */
  readonly lan: boolean;
  readonly files: PageFiles;
  readonly onConnection: (socket: WebSocket) => void;
}

const LOOPBACK = ['127.0.0.1', 'localhost'] as const;
/** The longest message of a page: tensors of one inference. */
const MAX_MESSAGE_BYTES = 1 << 30;

/** With these a page has threads, and a clock with steps of microseconds; all that it loads must come from here. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Serves one page and its connection: on loopback, or to the network when asked to. */
export class PageServer {
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  private readonly access: Access;
  private listeningPort = 0;

  constructor(private readonly options: PageServerOptions) {
    this.access = new Access(options.lan);
    this.server = createServer((request, response) => void this.respond(request, response));
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    // Whoever waits for the page keeps the process; the server alone does not.
    this.server.unref();
  }

  /** @throws {@link PortInUseError} */
  async listen(): Promise<void> {
    const { port, lan } = this.options;
    const address = lan ? '0.0.0.0' : LOOPBACK[0];
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code;
        reject(reason === 'EADDRINUSE' || reason === 'EACCES' ? new PortInUseError({ port, address, reason }, { cause: error }) : error);
      });
      this.server.listen(this.listeningPort || port, address, resolve);
    });
    this.listeningPort = (this.server.address() as AddressInfo).port;
  }

  /** The link for a browser that nnm starts. */
  get ownLink(): string {
    return this.linkOf(LOOPBACK[0]);
  }

  /** The link for a browser on this machine, or on a phone whose `localhost` leads here. */
  get localLink(): string {
    return this.linkOf(LOOPBACK[1]);
  }

  /** Links for other machines of the network; none unless they may. */
  get lanLinks(): readonly string[] {
    return this.options.lan ? lanAddresses().map((address) => this.linkOf(address)) : [];
  }

  get port(): number {
    return this.listeningPort;
  }

  private linkOf(host: string): string {
    return `http://${host}:${this.port}/?token=${this.access.token}`;
  }

  private get hosts(): readonly string[] {
    return [...LOOPBACK, ...(this.options.lan ? lanAddresses() : [])];
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string | Uint8Array, headers = {}): void => {
      response.writeHead(status, { ...ISOLATION, ...headers, 'content-type': type });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const say = (status: number, text: string): void => send(status, 'text/plain; charset=utf-8', `${text}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET.');
    const verdict = this.access.check(request, this.port, this.hosts);
    if (!verdict.ok) return say(verdict.status, verdict.reason);
    // Not by URL, which resolves `..` before anybody has seen it.
    const path = (request.url ?? '/').split('?', 1)[0]!;
    try {
      const file = await this.options.files.find(path);
      if (file === undefined) return say(404, 'There is no such file.');
      send(200, file.type, file.body, verdict.cookie === undefined ? {} : { 'set-cookie': verdict.cookie });
    } catch (error) {
      if (!NnmError.isInstance(error)) throw error;
      say(500, error.message);
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = this.access.checkConnection(request, this.port, this.hosts);
    if (!verdict.ok || request.url !== '/socket') {
      socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (client) => this.options.onConnection(client));
  }
}

/** Addresses under which other machines reach this one. */
function lanAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter(({ internal, address }) => !internal && !isIPv6(address)).map(({ address }) => address);
}
