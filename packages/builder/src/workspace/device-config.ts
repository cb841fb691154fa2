import { type AnyBackend, type AnyDeviceKind, InvalidSettingsError, NnmError, type Problem, placeBackend, type Registry } from '@nnm/core';

import { unknownName } from './unknown-name.ts';

/** What a command says of the device, instead of `configs/backend_config.yaml`. */
export interface DeviceChoice {
  /** `here` for this machine, or a kind of device. */
  readonly device?: string | undefined;
  /** Settings of the device, by their keys. */
  readonly deviceSettings?: Readonly<Record<string, unknown>> | undefined;
}

/** What `DEVICE` says where it is left out: the runtime runs on this machine. */
const HERE = 'here';
/** What workspaces of `tflite_cpu` say for it. */
const ALSO_HERE = 'host';

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
): { readonly backend: AnyBackend; readonly settings: unknown } {
  const { forBackend, forDevice, kind } = isOwnDevice(backend, raw.DEVICE, choice)
    ? { forBackend: raw, forDevice: {}, kind: undefined }
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
  const placed = attempt(() => (kind === undefined ? backend : placeOn(kind, backend, forDevice)));
  if (placed === undefined || problems.length > 0) throw new InvalidSettingsError({ backend: backend.id, problems });
  return { backend: placed, settings };
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
  const { DEVICE: said = HERE, ...others } = raw;
  const written = said === ALSO_HERE ? HERE : said;
  const { device = written, deviceSettings = {} } = choice;
  if (typeof device !== 'string') throw deviceError('must be the name of a device');
  const entries = Object.entries(others);
  if (device === HERE) {
    const [unusable] = Object.keys(deviceSettings);
    if (unusable !== undefined) throw deviceError(`is ${HERE}, where ${unusable} says nothing; \`DEVICE: browser\` is what it is for`);
    // The command measures here, and the file's settings of a device wait for the next one.
    const unused = new Set(written === HERE ? [] : registry.devices.find(({ value }) => value.id === written)?.value.keys);
    return { forBackend: Object.fromEntries(entries.filter(([key]) => !unused.has(key))), forDevice: {}, kind: undefined };
  }
  const kind = findKind(device, registry);
  const own = new Set(kind.keys);
  return {
    forBackend: Object.fromEntries(entries.filter(([key]) => !own.has(key))),
    forDevice: { ...Object.fromEntries(entries.filter(([key]) => own.has(key))), ...deviceSettings },
    kind,
  };
}

function placeOn(kind: AnyDeviceKind, backend: AnyBackend, raw: Readonly<Record<string, unknown>>): AnyBackend {
  const refused = kind.refuse(backend);
  if (refused !== undefined) {
    throw deviceError(`is ${kind.id}: ${refused} \`nnm backends\` shows what runs where; \`DEVICE: ${HERE}\` is this machine`);
  }
  return placeBackend(backend, kind.open(kind.parseSettings(raw), backend));
}

function deviceError(message: string): InvalidSettingsError {
  return new InvalidSettingsError({ backend: 'the device', problems: [{ key: 'DEVICE', message }] });
}

/** A registry may know more of what it lacks than that it is unknown, such as which package brings it. */
function findKind(id: string, registry: Registry): AnyDeviceKind {
  try {
    return registry.device(id);
  } catch (error) {
    if (!NnmError.isInstance(error) || error.code !== 'ERR_UNKNOWN_DEVICE') throw error;
    const known = [HERE, ...registry.devices.map(({ value }) => value.id)];
    throw deviceError(unknownName('device', id, known));
  }
}
