import { findDevice, type NamedDevices } from '@nnm/builder';
import { InvalidSettingsError, type Registry } from '@nnm/core';
import { UsageError } from '../errors.ts';
import type { ChosenDevice } from './check-device.ts';

/**
 * The device that an argument names, with its settings.
 *
 * @param settings - besides those that were kept with its name
 * @throws {@link UsageError} when there is none of that name, or its address or a setting is wrong
 */
export function chooseDevice(
  device: string,
  registry: Registry,
  named: NamedDevices,
  settings: Readonly<Record<string, unknown>> = {},
): ChosenDevice {
  try {
    const { kind, address, settings: kept } = findDevice(device, registry, named);
    return { kind, settings: kind.parseSettings({ ...kept, ...settings }, address) };
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    const problems = error.problems.map(({ key, message }) => (key === 'DEVICE' ? describeDevice(device, message) : `${key} ${message}`));
    throw new UsageError(
      { message: problems.join('; ').replace(/\.?$/, '.'), hint: '`nnm device list` says which there are, and how addresses look.' },
      { cause: error },
    );
  }
}

/** Of a problem with `DEVICE`, which says what the device is, or what there is not. */
function describeDevice(device: string, problem: string): string {
  return problem.startsWith('there is') ? `There is${problem.slice('there is'.length)}` : `The device ${device} ${problem}`;
}
