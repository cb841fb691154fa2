import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeviceUnavailableError } from '@nnm/core';

/** A port of a phone that leads to this machine. */
export interface ReversedPort {
  /** Take it back. A phone that is gone has taken it back itself. */
  close(): Promise<void>;
}

/**
 * Let a port of an Android phone lead to the same port of this machine, and open a link in its browser. Needs adb.
 *
 * @param serial - undefined for the only phone
 * @throws {@link DeviceUnavailableError} with what adb says
 */
export async function reversePort(serial: string | undefined, port: number, link: string): Promise<ReversedPort> {
  const adb = (...args: readonly string[]) => promisify(execFile)('adb', [...(serial === undefined ? [] : ['-s', serial]), ...args]);
  try {
    await adb('reverse', `tcp:${port}`, `tcp:${port}`);
    await adb('shell', `am start -a android.intent.action.VIEW -d '${link}'`);
  } catch (cause) {
    const { code, stderr = '', message } = cause as NodeJS.ErrnoException & { stderr?: string };
    const said = (stderr.trim().split('\n').at(-1) || message).replace(/^(adb: )?error: /, '').replace(/\.$/, '');
    throw new DeviceUnavailableError(
      {
        device: 'browser',
        reason: code === 'ENOENT' ? 'ADB_REVERSE is set, and adb is not on the PATH' : `adb cannot open the page on the phone: ${said}`,
        hint:
          code === 'ENOENT'
            ? 'Install the Android platform tools (Debian: apt-get install adb), or leave ADB_REVERSE out and open the link by hand.'
            : '`adb devices` lists phones: set ADB_REVERSE in configs/backend_config.yaml to the serial of one, and accept its question about USB debugging.',
      },
      { cause },
    );
  }
  return {
    close: async () => {
      await adb('reverse', '--remove', `tcp:${port}`).catch((error: unknown) => error);
    },
  };
}
