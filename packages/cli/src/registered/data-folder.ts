import { homedir } from 'node:os';
import { join } from 'node:path';

/** Environment variable with the folder of what nnm keeps for its user. */
const HOME_VARIABLE = 'NNM_HOME';

/**
 * The folder of what nnm keeps for its user, beyond any project: `NNM_HOME`, or the platform's data folder
 * (`~/.local/share/nnm` on Linux, `~/Library/Application Support/nnm` on macOS, `%LOCALAPPDATA%\nnm` on Windows).
 */
function userDataFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env[HOME_VARIABLE]) return env[HOME_VARIABLE];
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'nnm');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'nnm');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'nnm');
}

/** Where registered kernels and backends are listed. */
export function registeredFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(userDataFolder(env), 'registered.json');
}

/** Where packages are installed for the user, beyond any project. */
export function userPackagesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(userDataFolder(env), 'packages');
}
