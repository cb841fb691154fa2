import { NnmError, type RuntimeFactory } from '@nnm/core';
import { type HostClocks, type RuntimeHost, startLocalHost } from './runtime-host.ts';
import type { WorkerErrorData, WorkerReply, WorkerRequest } from './worker-protocol.ts';

/** What a measuring host has where it runs: in a child process or in a page. */
export interface HostSurroundings extends HostClocks {
  /** Memory that is taken here, bytes; absent where it cannot be told. */
  memoryBytes?(): number;
}

/** The host's side of the protocol: one runtime, which answers the engine's requests. */
export class HostServer {
  private host: RuntimeHost | undefined;

  constructor(private readonly surroundings: HostSurroundings) {}

  /** Answer a request. Requests must be given one after the other, each when the one before is answered. */
  async answer(request: WorkerRequest, model: Uint8Array | undefined): Promise<WorkerReply> {
    try {
      return { ok: true, value: await this.serve(request, model) };
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  }

  private async serve(request: WorkerRequest, model: Uint8Array | undefined): Promise<unknown> {
    const rssBytes = (): number => this.surroundings.memoryBytes?.() ?? 0;
    if (request.type === 'start') {
      this.host = await this.start(request, model).catch((error: unknown) => {
        throw NnmError.isInstance(error) ? error : startFailure(request.runtime, error);
      });
      const { info, clock, notGated } = this.host;
      return { info, clock, notGated, rssBytes: rssBytes() };
    }
    if (this.host === undefined) throw new Error('The runtime has not been started.');
    if (request.type === 'visit') {
      const result = await this.host.visit({ ...request.delivery, model }, request.plan);
      return { ...result, rssBytes: rssBytes() };
    }
    if (request.type === 'probe') return this.host.probe(request.durationMs, request.plan);
    if (request.type === 'execute') return this.host.execute(model!, request.inputs);
    if (request.type === 'profile') return this.host.profile(model!, request.runs);
    await this.host.close();
    return undefined;
  }

  private async start({ runtime, settings }: WorkerRequest & { type: 'start' }, reference: Uint8Array | undefined): Promise<RuntimeHost> {
    return startLocalHost(await importFactory(runtime), settings, reference, this.surroundings);
  }
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
