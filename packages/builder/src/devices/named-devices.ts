import { InvalidArgumentError, InvalidFileError } from '@nnm/core';
import { type FileSystem, nodeFileSystem, readJsonFile, userDataFile, writeJsonFile } from '@nnm/profiler';
import { z } from 'zod';

/** A device that the user has given a name. */
export interface NamedDevice {
  /** An address such as `ssh://pi@board`, or the id of a kind of device. */
  readonly address: string;
  /** Settings of the device by their keys, for every workspace; what a workspace says itself comes first. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The user's devices by their names. */
export type NamedDevices = Readonly<Record<string, NamedDevice>>;

const NAME = /^[A-Za-z][\w-]*$/;

const schema = z.object({
  schemaVersion: z.literal(1),
  devices: z.record(
    z.string().regex(NAME),
    z.object({ address: z.string().min(1), settings: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** The file with the devices that the user has named, whatever the project: `devices.json` in the user's data folder. */
export function namedDevicesFile(): string {
  return userDataFile('devices.json');
}

/**
 * The devices that the user has named; none where there is no file.
 *
 * @throws {@link FileAccessError}, {@link InvalidFileError} when it is not such a file, or of a later version
 */
export async function readNamedDevices(file: string = namedDevicesFile(), files: FileSystem = nodeFileSystem): Promise<NamedDevices> {
  if (files.stat(file) === undefined) return {};
  const checked = schema.safeParse(await readJsonFile(file, files));
  if (!checked.success) {
    throw new InvalidFileError({
      file,
      problems: checked.error.issues.map(({ path, message }) => ({ key: path.join('.'), message })),
    });
  }
  return checked.data.devices as NamedDevices;
}

/**
 * Name a device, or change what a name says.
 *
 * @throws {@link InvalidArgumentError} for a name that is none: letters, digits, `_` and `-`, beginning with a letter; {@link FileAccessError}
 */
export async function nameDevice(name: string, device: NamedDevice, file: string = namedDevicesFile()): Promise<void> {
  if (!NAME.test(name)) {
    throw new InvalidArgumentError({ name: 'name', expected: 'letters, digits, "_" and "-", beginning with a letter', got: name });
  }
  await write({ ...(await readNamedDevices(file)), [name]: device }, file);
}

/** Forget the name of a device. @returns false when there was none */
export async function forgetDevice(name: string, file: string = namedDevicesFile()): Promise<boolean> {
  const { [name]: forgotten, ...others } = await readNamedDevices(file);
  if (forgotten === undefined) return false;
  await write(others, file);
  return true;
}

function write(devices: NamedDevices, file: string): Promise<void> {
  return writeJsonFile(file, { schemaVersion: 1, devices });
}
