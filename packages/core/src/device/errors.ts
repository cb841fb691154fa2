import { NnmError } from '../errors/index.ts';
import type { HostDeath } from './device.ts';

/** A device ended while a host was starting on it: another try may succeed. */
export class DeviceLostError extends NnmError {
  readonly death: HostDeath;
  constructor(details: { device: string; death: HostDeath }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_DEVICE_LOST',
        message: `The device "${details.device}" ${details.death.reason} while it was starting.`,
        hint: '`nnm doctor` says what works here.',
        details,
      },
      options,
    );
    this.death = details.death;
  }
}

/** A device cannot be used: it is not there, nobody brought it in time, or something it needs is missing. */
export class DeviceUnavailableError extends NnmError {
  constructor(details: { device: string; reason: string; hint: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_DEVICE_UNAVAILABLE',
        message: `The device "${details.device}" cannot be used: ${details.reason}.`,
        hint: details.hint,
        details,
      },
      options,
    );
  }
}
