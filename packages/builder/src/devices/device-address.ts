import { type AnyDeviceKind, InvalidSettingsError, NnmError, type Registry } from '@nnm/core';
import { unknownName } from '../workspace/unknown-name.ts';
import { type NamedDevice, type NamedDevices, readNamedDevices } from './named-devices.ts';

/** What `DEVICE` says where it is left out: the runtime runs on this machine. */
export const HERE = 'here';
/** What workspaces of `tflite_cpu` say for it. */
const ALSO_HERE = 'host';

/** A device that is not this machine, as `DEVICE` names it: its kind, and where it is. */
export interface DevicePlace {
  readonly kind: AnyDeviceKind;
  /** What stands behind `<kind>://`; absent for the id of a kind alone. */
  readonly address?: string;
  /** What was said with its name when it was added. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const ADDRESS = /^([a-z0-9_-]+):\/\/(.*)$/i;

/** True for the words that stand for this machine. */
export function isHere(device: string): boolean {
  return device === HERE || device === ALSO_HERE;
}

/**
 * The user's devices by their names, read only where a device may be one of them: not for this machine, an address or the id of a kind.
 *
 * @throws {@link FileAccessError}, {@link InvalidFileError}
 */
export async function namesFor(device: unknown, registry: Registry): Promise<NamedDevices> {
  if (typeof device !== 'string' || isHere(device) || ADDRESS.test(device)) return {};
  return registry.devices.some(({ value }) => value.id === device) ? {} : readNamedDevices();
}

/**
 * What a device is called: an address whose scheme is a kind's id, the id of a kind, or a name that the user gave.
 *
 * @param device - not this machine
 * @throws {@link InvalidSettingsError} when it is none of them, or of a kind without addresses; what a registry says of a kind whose package
 *   is missing
 */
export function findDevice(device: string, registry: Registry, named: NamedDevices): DevicePlace {
  const known = Object.hasOwn(named, device) ? (named[device] as NamedDevice) : undefined;
  const address = ADDRESS.exec(known?.address ?? device);
  const kind = findKind(kindIdOf(device, named), registry, named);
  if (address !== null && kind.address === undefined) throw deviceError(`is ${address[0]}, but the device ${kind.id} has no addresses`);
  return { kind, ...(address !== null && { address: address[2]! }), settings: known?.settings ?? {} };
}

/** The id that stands for the kind of a device, whether or not there is such a kind: the scheme of its address, or the device itself. */
export function kindIdOf(device: string, named: NamedDevices): string {
  const address = Object.hasOwn(named, device) ? named[device]!.address : device;
  return ADDRESS.exec(address)?.[1]?.toLowerCase() ?? address;
}

/** What is wrong with `DEVICE`. */
export function deviceError(message: string): InvalidSettingsError {
  return new InvalidSettingsError({ backend: 'the device', problems: [{ key: 'DEVICE', message }] });
}

/** A registry may know more of what it lacks than that it is unknown, such as which package brings it. */
function findKind(id: string, registry: Registry, named: NamedDevices): AnyDeviceKind {
  try {
    return registry.device(id);
  } catch (error) {
    if (!NnmError.isInstance(error) || error.code !== 'ERR_UNKNOWN_DEVICE') throw error;
    const known = [HERE, ...registry.devices.map(({ value }) => value.id), ...Object.keys(named)];
    throw deviceError(unknownName('device', id, known));
  }
}
