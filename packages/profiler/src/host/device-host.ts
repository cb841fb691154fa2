import { type Device, type DeviceHost, DeviceLostError, type HostTransport } from '@nnm/core';
import { WorkerDeathError } from '../errors.ts';
import type { Timers } from '../timers.ts';
import { type RemoteHost, startRemoteHost } from './remote-host.ts';
import { RequestChannel } from './request-channel.ts';

/** A runtime that is starting on a device, and the device's side of it. */
export interface StartingDeviceHost {
  readonly host: Promise<{ readonly host: RemoteHost; readonly place: DeviceHost }>;
  kill(): void;
}

/**
 * Start a backend's runtime on a device.
 *
 * @param timeoutMs - longest a request may take before the host is ended
 * @returns a host that rejects with {@link WorkerDeathError} when the device ended while it was starting, and with what the device throws
 */
export function startDeviceHost(
  device: Device,
  settings: unknown,
  reference: Uint8Array | undefined,
  timeoutMs: number,
  timers: Timers,
): StartingDeviceHost {
  const requests = new RequestChannel(timeoutMs, timers, 'device');
  let transport: HostTransport | undefined;
  let stop: (error: WorkerDeathError) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  stopped.catch(() => undefined); // nobody may be waiting
  const start = async () => {
    const connecting = device.connect({ message: (message) => requests.settle(message), end: (death) => requests.die(death) });
    const connected = await Promise.race([connecting, stopped]).catch((error: unknown) => {
      if (!(error instanceof DeviceLostError)) throw error;
      const death = { ...error.death, place: 'device' as const };
      throw new WorkerDeathError({ death, doing: 'starting', started: true }, { cause: error });
    });
    transport = connected.transport;
    const host = await startRemoteHost(requests, connected.transport, connected.runtime, settings, reference).host;
    return { host, place: connected };
  };
  return {
    host: start(),
    kill: () => {
      transport?.kill();
      stop(
        new WorkerDeathError({
          death: { code: 'ERR_KERNEL_KILLED', reason: 'was stopped', place: 'device' },
          doing: 'starting the runtime',
          started: false,
        }),
      );
    },
  };
}
