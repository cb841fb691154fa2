/**
 * Entry of the profiling process: starts one runtime and serves the engine's requests over IPC, one after the other. The
 * next request may have arrived by then, so that no time passes between two visits.
 *
 * Only the engine starts this module. It does its work at import, as a program does.
 */
import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { NnmError, type RuntimeFactory } from '@nnm/core';
import { type RuntimeHost, startLocalHost } from './runtime-host.ts';
import type { WorkerErrorData, WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts';

let host: RuntimeHost | undefined;

async function serve(request: WorkerRequest, model: Uint8Array | undefined): Promise<unknown> {
  if (request.type === 'start') {
    host = await start(request, model).catch((error: unknown) => {
      throw NnmError.isInstance(error) ? error : startFailure(request.runtime, error);
    });
    const { info, clock, notGated } = host;
    return { info, clock, notGated, rssBytes: process.memoryUsage.rss() };
  }
  if (host === undefined) throw new Error('The runtime has not been started.');
  if (request.type === 'visit') {
    const result = await host.visit({ ...request.delivery, model }, request.plan);
    return { ...result, rssBytes: process.memoryUsage.rss() };
  }
  if (request.type === 'probe') return host.probe(request.durationMs, request.plan);
  if (request.type === 'execute') return host.execute(model!, request.inputs);
  await host.close();
  return undefined;
}

/** The model that follows a message on standard input; waiting for it is all that this process has to do. */
function receiveModel(sizeBytes: number): Uint8Array {
  const model = new Uint8Array(sizeBytes);
  for (let received = 0; received < sizeBytes; ) {
    const count = readSync(0, model, received, sizeBytes - received, null);
    if (count === 0) process.exit(0); // The parent is gone.
    received += count;
  }
  return model;
}

async function start({ runtime, settings }: WorkerRequest & { type: 'start' }, reference: Uint8Array | undefined): Promise<RuntimeHost> {
  return startLocalHost(await importFactory(runtime), settings, reference);
}

/** What a runtime throws by itself, such as "no device", says neither whose it is nor when. */
function startFailure(runtime: string, cause: unknown): NnmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NnmError(
    {
      code: 'ERR_RUNTIME_FAILURE',
      message: `The runtime ${runtime} failed to start: ${reason}`,
      hint: 'Correct the runtime or its settings in configs/backend_config.yaml; `nnm plugins check` tries it alone.',
    },
    { cause },
  );
}

async function importFactory(url: string): Promise<RuntimeFactory<unknown>> {
  const module = (await import(url)) as { default?: unknown };
  if (typeof module.default !== 'function') {
    throw new NnmError({
      code: 'ERR_RUNTIME_UNAVAILABLE',
      message: `The runtime module ${url} has no default export that is a function.`,
      hint: "Default-export the backend's RuntimeFactory from this module.",
    });
  }
  return module.default as RuntimeFactory<unknown>;
}

function describeError(error: unknown): WorkerErrorData {
  if (NnmError.isInstance(error)) {
    return { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'ERR_RUNTIME_FAILURE', message, ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }) };
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
    served = served.then(async () => send(await answer(message)));
  });
  watchParent();
}

async function answer({ request, modelBytes }: WorkerMessage): Promise<WorkerReply> {
  try {
    return { ok: true, value: await serve(request, modelBytes === undefined ? undefined : receiveModel(modelBytes)) };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/** Until the reply is on its way: what the next request does to this process must not take it along. */
function send(reply: WorkerReply): Promise<void> {
  return new Promise((resolve) => void process.send?.(reply, undefined, undefined, () => resolve()));
}
