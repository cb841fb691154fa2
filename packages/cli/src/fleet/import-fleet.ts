import { NnmError } from '@nnm/core';
import { isInstalled } from '../plugins/resolve-plugin.ts';

/** A fleet is asked for whose package is not installed. */
class FleetNotInstalledError extends NnmError {
  constructor() {
    super({
      code: 'ERR_FLEET_NOT_INSTALLED',
      message: 'Measuring through a queue comes with the package @nnm/fleet, which is not installed.',
      hint: 'Run `npm i @nnm/fleet` beside @nnm/cli.',
    });
  }
}

/** The package of fleets, which is left to those who want one. @throws {@link FleetNotInstalledError} */
export async function importFleet(): Promise<typeof import('@nnm/fleet')> {
  if (!isInstalled('@nnm/fleet', import.meta.url)) throw new FleetNotInstalledError();
  return import('@nnm/fleet');
}
