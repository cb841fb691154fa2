import { dirname, join } from 'node:path';
import envPaths from 'env-paths';

/** Environment variable with the folder of what nnm keeps for its user. */
const HOME_VARIABLE = 'NNM_HOME';

/**
 * The one folder of what nnm keeps for its user beyond any project: quiet levels, registrations, trusted folders, caches. `NNM_HOME`, or the
 * platform's folder for such data (`~/.local/share/nnm` on Linux, `~/Library/Application Support/nnm` on macOS, `%LOCALAPPDATA%\nnm` on
 * Windows).
 */
export function userDataFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { data } = envPaths('nnm', { suffix: '' });
  // The library tells data, caches and settings apart below one folder there; nnm keeps one
  return env[HOME_VARIABLE] || (process.platform === 'win32' ? dirname(data) : data);
}

/** A file in the {@link userDataFolder}. */
export function userDataFile(name: string, env?: Readonly<Record<string, string | undefined>>): string {
  return join(userDataFolder(env), name);
}
