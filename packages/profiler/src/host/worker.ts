/**
 * Entry of the profiling process: starts one runtime and serves the engine's requests over IPC, one after the other. The
 * next request may have arrived by then, so that no time passes between two visits.
 *
 * Only the engine starts this module. It does its work at import, as a program does.
 */
import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { processCpuClock } from './cpu-time.ts';
import { HostServer } from './host-server.ts';
import type { WorkerMessage, WorkerReply } from './worker-protocol.ts';

const server = new HostServer({ cpuClock: processCpuClock, memoryBytes: () => process.memoryUsage.rss() });

/** The model that follows a message on standard input; waiting for it is all that this process has to do. */
function receiveModel(sizeBytes: number | undefined): Uint8Array | undefined {
  if (sizeBytes === undefined) return undefined;
  const model = new Uint8Array(sizeBytes);
  for (let received = 0; received < sizeBytes; ) {
    const count = readSync(0, model, received, sizeBytes - received, null);
    if (count === 0) process.exit(0); // The parent is gone.
    received += count;
  }
  return model;
}

/**
 * End this process when its parent is gone, even in the middle of an endless native call: only another thread can notice.
 * An orphan that spins for ever would be the worst thing to leave on somebody's machine.
 */
function watchParent(): void {
  const source = `
    const parent = process.ppid;
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 2000);
  `;
  new Worker(source, { eval: true, execArgv: [], stdout: false, stderr: false }).unref();
}

if (process.send !== undefined) {
  // Ctrl-C reaches the whole process group; the engine decides when this process ends.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  let served = Promise.resolve();
  process.on('message', (message: WorkerMessage) => {
    served = served.then(async () => send(await server.answer(message.request, receiveModel(message.modelBytes))));
  });
  watchParent();
}

/** Until the reply is on its way: what the next request does to this process must not take it along. */
function send(reply: WorkerReply): Promise<void> {
  return new Promise((resolve) => void process.send?.(reply, undefined, undefined, () => resolve()));
}
