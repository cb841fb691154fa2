import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Queue } from 'bullmq';
import express from 'express';
import { QUEUE_PREFIX } from '../protocol.ts';
import { connectQueue } from '../redis/connect.ts';
import { queueNames } from '../roll/queue-names.ts';

/** Bull Board over the queues of a fleet. */
export interface FleetBoard {
  /** Only this machine reaches it, and only who knows it. */
  readonly url: string;
  readonly queues: readonly string[];
  close(): Promise<void>;
}

const LOOK_MS = 5000;

/**
 * Serve Bull Board to the browsers of this machine: for looking, not for changing.
 *
 * @param port - default: any that is free
 * @throws what connecting throws
 */
export async function openBoard(url: string, port = 0): Promise<FleetBoard> {
  const connection = await connectQueue(url);
  const base = `/${randomBytes(16).toString('hex')}`;
  const adapter = new ExpressAdapter();
  adapter.setBasePath(base);
  const shown = new Map<string, Queue>();
  const board = createBullBoard({ queues: [], serverAdapter: adapter, options: { uiConfig: { boardTitle: 'nnm fleet' } } });
  const look = async (): Promise<void> => {
    for (const name of await queueNames(connection)) {
      if (shown.has(name)) continue;
      const queue = new Queue(name, { connection: connection.redis, prefix: QUEUE_PREFIX });
      queue.on('error', () => undefined); // the connection comes back by itself
      shown.set(name, queue);
      board.addQueue(new BullMQAdapter(queue, { readOnlyMode: true }));
    }
  };
  await look();
  // What cannot be looked up now is so the next time.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  timer.unref();
  const app = express();
  app.disable('x-powered-by');
  // A page elsewhere may have its own name lead here: only who asks for this machine is answered, and nothing is changed.
  app.use(({ method, headers }, response, next) => {
    const isHere = /^(127\.0\.0\.1|localhost):\d+$/.test(headers.host ?? '');
    if (isHere && (method === 'GET' || method === 'HEAD')) next();
    else response.sendStatus(403);
  });
  app.use(base, adapter.getRouter());
  const server = app.listen(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}/`,
    queues: [...shown.keys()],
    async close() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      await Promise.all([...shown.values()].map((queue) => queue.close()));
      connection.close();
    },
  };
}
