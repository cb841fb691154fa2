import type { HostTransport } from '@nnm/core';
import type { RequestChannel } from './request-channel.ts';
import type { RuntimeHost } from './runtime-host.ts';

/**
 * A runtime on the other side of a transport. After a {@link WorkerDeathError} it is dead: close it and start another.
 */
export interface RemoteHost extends RuntimeHost {
  /** Process number, of a child of this process. */
  readonly pid?: number;
  /** Memory that the host has taken since its runtime was started, bytes, as of its last visit; 0 where it does not tell. */
  readonly grownBytes: number;
}

/** A host whose runtime is starting: it can be ended before it has. */
export interface StartingHost {
  /** @throws what the runtime's factory threw, with its code and hint; {@link WorkerDeathError} when the host dies */
  readonly host: Promise<RemoteHost>;
  /** End the host at once, whatever it does; all requests are rejected. */
  kill(): void;
}

/**
 * Start a runtime on a host that is there.
 *
 * @param runtime - the URL by which the host imports the runtime's module
 */
export function startRemoteHost(
  requests: RequestChannel,
  transport: HostTransport & { readonly pid?: number },
  runtime: string,
  settings: unknown,
  reference: Uint8Array | undefined,
): StartingHost {
  requests.use(transport);
  const start = async (): Promise<RemoteHost> => {
    const started = await requests.ask({ type: 'start', runtime, settings }, 'starting the runtime', reference);
    let rssBytes = started.rssBytes;
    return {
      info: started.info,
      clock: started.clock,
      notGated: started.notGated,
      ...(transport.pid !== undefined && { pid: transport.pid }),
      get grownBytes() {
        return rssBytes - started.rssBytes;
      },
      async visit({ model, ...delivery }, plan) {
        const answer = await requests.ask({ type: 'visit', delivery, plan }, 'measuring the kernel', model);
        rssBytes = answer.rssBytes;
        return answer;
      },
      probe: (durationMs, plan) => requests.ask({ type: 'probe', durationMs, plan }, 'running the reference'),
      execute: (model, inputs) => requests.ask({ type: 'execute', inputs }, 'running the model', model),
      profile: (model, runs) => requests.ask({ type: 'profile', runs }, 'profiling the model', model),
      close: () => requests.close(),
    };
  };
  const host = start().catch(async (error: unknown) => {
    await requests.end();
    throw error;
  });
  return { host, kill: () => transport.kill() };
}
