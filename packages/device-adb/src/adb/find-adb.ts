import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DeviceUnavailableError } from '@nnm/core';

const PROGRAM = process.platform === 'win32' ? 'adb.exe' : 'adb';

/** Where Android Studio installs its platform tools. */
function sdkFolders(): readonly string[] {
  const { ANDROID_HOME, ANDROID_SDK_ROOT, LOCALAPPDATA } = process.env;
  const usual: Partial<Record<NodeJS.Platform, string | undefined>> = {
    darwin: join(homedir(), 'Library', 'Android', 'sdk'),
    win32: LOCALAPPDATA === undefined ? undefined : join(LOCALAPPDATA, 'Android', 'Sdk'),
  };
  return [ANDROID_HOME, ANDROID_SDK_ROOT, usual[process.platform] ?? join(homedir(), 'Android', 'Sdk')].filter(
    (folder) => !!folder,
  ) as string[];
}

/**
 * The path of adb: the one that was asked for, or the first of PATH and the usual places.
 *
 * @throws {@link DeviceUnavailableError} when there is none
 */
export function findAdb(asked: string | undefined): string {
  const places = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...sdkFolders().map((folder) => join(folder, 'platform-tools')),
  ].map((folder) => join(folder, PROGRAM));
  const found = (asked === undefined ? places : [asked]).find(isProgram);
  if (found !== undefined) return found;
  throw new DeviceUnavailableError({
    device: 'adb',
    reason: asked === undefined ? 'adb is not installed here' : `there is no program ${asked}`,
    hint: 'Install the Android platform tools (Debian: apt-get install adb; macOS: brew install android-platform-tools), or set ADB_PATH in configs/backend_config.yaml to the path of adb.',
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
