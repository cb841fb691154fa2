import { type AnyBackend, type AnyDeviceKind, InvalidSettingsError, NnmError, type Problem, placeBackend, type Registry } from '@nnm/core';
import { type DevicePlace, deviceError, findDevice, HERE, isHere, type NamedDevices } from '../devices/index.ts';

/** What a command says of the device, instead of `configs/backend_config.yaml`. */
export interface DeviceChoice {
  /** `here` for this machine, the id of a kind of device, an address such as `ssh://pi@board`, or a name that the user gave. */
  readonly device?: string | undefined;
  /** Settings of the device, by their keys. */
  readonly deviceSettings?: Readonly<Record<string, unknown>> | undefined;
  /** The devices that the user has named, see {@link readNamedDevices}. Default: none. */
  readonly named?: NamedDevices | undefined;
}

/** A backend with its settings. */
export interface ConfiguredBackend {
  /** On its device, where `DEVICE` names one: what measures with it measures there. */
  readonly backend: AnyBackend;
  /** What `backend.parseSettings` returned. */
  readonly settings: unknown;
  /** The kind of its device, and what that parsed; absent for this machine. */
  readonly device?: { readonly kind: AnyDeviceKind; readonly settings: unknown };
}

/**
 * A backend with its settings, on the device that they name: whatever measures with it measures there.
 *
 * @param raw - `configs/backend_config.yaml` without `BACKEND`: keys of the backend, `DEVICE`, and keys of the device
 * @throws {@link InvalidSettingsError} with the problems of backend and device together, and what a registry says of a device whose package
 *   is missing
 */
export function configureBackend(
  backend: AnyBackend,
  raw: Readonly<Record<string, unknown>>,
  registry: Registry,
  choice: DeviceChoice = {},
): ConfiguredBackend {
  const { forBackend, forDevice, place } = isOwnDevice(backend, raw.DEVICE, choice)
    ? { forBackend: raw, forDevice: {}, place: undefined }
    : splitSettings(raw, registry, choice);
  const problems: Problem[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InvalidSettingsError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const settings: unknown = attempt(() => backend.parseSettings(forBackend));
  const device = place && attempt(() => configureDevice(place, backend, forDevice));
  if (problems.length > 0) throw new InvalidSettingsError({ backend: backend.id, problems });
  if (device === undefined) return { backend, settings };
  return { backend: placeBackend(backend, device.kind.open(device.settings, backend)), settings, device };
}

/**
 * True where `DEVICE` is a setting of the backend itself, such as `host`: its template names the key, and it takes this value. What it does
 * not take is the name of a device.
 */
function isOwnDevice(backend: AnyBackend, written: unknown, choice: DeviceChoice): boolean {
  if (written === undefined || choice.device !== undefined || choice.deviceSettings !== undefined) return false;
  if (!/^#? ?DEVICE *:/m.test(backend.settingsTemplate)) return false;
  try {
    backend.parseSettings({ DEVICE: written });
    return true;
  } catch (error) {
    if (error instanceof InvalidSettingsError) return false;
    throw error;
  }
}

/** The keys by whose they are; without a device its keys are the backend's to refuse. */
function splitSettings(raw: Readonly<Record<string, unknown>>, registry: Registry, choice: DeviceChoice) {
  const { DEVICE: written = HERE, ...others } = raw;
  const { device = written, deviceSettings = {}, named = {} } = choice;
  if (typeof device !== 'string') throw deviceError('must be the name of a device');
  const place = isHere(device) ? undefined : findDevice(device, registry, named);
  const own = new Set(place?.kind.keys);
  // Where the command names another device than the file, the file's settings of that one wait for the next command.
  const waiting = new Set(device === written ? [] : keysOf(written, registry, named));
  const entries = Object.entries(others);
  const forBackend = Object.fromEntries(entries.filter(([key]) => !own.has(key) && !waiting.has(key)));
  if (place === undefined) {
    const [unusable] = Object.keys(deviceSettings);
    if (unusable !== undefined) throw deviceError(`is ${HERE}, where ${unusable} says nothing; \`DEVICE: browser\` is what it is for`);
    return { forBackend, forDevice: {}, place };
  }
  const said = Object.fromEntries(entries.filter(([key]) => own.has(key)));
  return { forBackend, forDevice: { ...place.settings, ...said, ...deviceSettings }, place };
}

/** Keys of a device that the command does not use, and that may therefore be unknown here. */
function keysOf(device: unknown, registry: Registry, named: NamedDevices): readonly string[] {
  if (typeof device !== 'string' || isHere(device)) return [];
  try {
    return findDevice(device, registry, named).kind.keys;
  } catch (error) {
    if (NnmError.isInstance(error)) return [];
    throw error;
  }
}

function configureDevice({ kind, address }: DevicePlace, backend: AnyBackend, raw: Readonly<Record<string, unknown>>) {
  const refused = kind.refuse(backend);
  if (refused !== undefined) {
    throw deviceError(`is ${kind.id}: ${refused} \`nnm backends\` shows what runs where; \`DEVICE: ${HERE}\` is this machine`);
  }
  return { kind, settings: kind.parseSettings(raw, address) as unknown };
}
