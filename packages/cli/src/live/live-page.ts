import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PipelineEvent } from '@nnm/builder';
import { renderPage, type WorkspaceReportOptions } from '@nnm/report';
import { LiveReport } from './live-report.ts';

/** The page of a running build; disposing of it ends the page's connection, after the last news. */
export interface LivePage extends AsyncDisposable {
  /** Only this machine reaches it, and only who knows it. */
  readonly url: string;
  readonly onEvent: (event: PipelineEvent) => Promise<void>;
}

/** News are sent at most this often: drawing takes time that measuring needs. */
const SEND_INTERVAL_MS = 2000;

/** Serve the report of a build to the browsers of this machine, and send it what changes. */
export async function openLivePage(options: WorkspaceReportOptions): Promise<LivePage> {
  const report = await LiveReport.open(options);
  const base = `/${randomBytes(16).toString('hex')}/`;
  const listeners = new Set<ServerResponse>();
  const send = (): void => {
    if (listeners.size === 0) return;
    const text = `data: ${JSON.stringify(report.takeMessage())}\n\n`;
    for (const listener of listeners) listener.write(text);
  };
  const server = createServer(async ({ url }, response) => {
    if (url === base) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      response.end(await renderPage(report.document, { live: 'events' }));
    } else if (url === `${base}events`) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      send();
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A page that somebody looks at is no reason to go on living.
  server.unref();
  const timer = setInterval(send, SEND_INTERVAL_MS);
  timer.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    onEvent: (event) => report.add(event),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await report.end();
      send();
      await Promise.all([...listeners].map((listener) => new Promise<void>((resolve) => listener.end(resolve))));
      server.close();
      server.closeAllConnections();
    },
  };
}
