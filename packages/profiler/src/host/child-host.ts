import type { Timers } from '../timers.ts';
import { ChildTransport } from './child-transport.ts';
import { type StartingHost, startRemoteHost } from './remote-host.ts';
import { RequestChannel } from './request-channel.ts';
import { locateWorker } from './worker-location.ts';

/**
 * Start a backend's runtime in a child process.
 *
 * @param timeoutMs - longest a request may take before the child is killed
 */
export function startChildHost(
  runtime: URL,
  settings: unknown,
  reference: Uint8Array | undefined,
  timeoutMs: number,
  timers: Timers,
): StartingHost {
  const requests = new RequestChannel(timeoutMs, timers, 'process');
  const transport = new ChildTransport(locateWorker(runtime), {
    message: (message) => requests.settle(message),
    end: (death) => requests.die(death),
  });
  return startRemoteHost(requests, transport, runtime.href, settings, reference);
}
