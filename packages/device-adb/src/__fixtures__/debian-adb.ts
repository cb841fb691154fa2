import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PhoneEmulator } from './phone-emulator.ts';

/** Debian's adb. */
export const ADB = '/usr/bin/adb';

/** Why adb cannot be used here; undefined where it can. */
export const adbMissing: string | undefined = existsSync(ADB)
  ? undefined
  : `${ADB} is missing (Debian: apt-get install adb; \`npm run test:debian\` installs it)`;

/** A server of adb of a test's own, with keys of its own: no phone of whoever runs the test is seen or touched. */
export class TestAdbServer {
  private readonly home = mkdtempSync(join(tmpdir(), 'nnm-adb-home-'));
  private readonly before = { ...process.env };

  /** Start it; this process, and what it starts, use it until it is stopped. */
  async start(): Promise<void> {
    process.env.ANDROID_ADB_SERVER_PORT = String(await freePort());
    process.env.HOME = this.home;
    process.env.ANDROID_SDK_HOME = this.home;
    delete process.env.ANDROID_SERIAL;
    await this.adb('start-server');
  }

  async adb(...args: readonly string[]): Promise<string> {
    return (await promisify(execFile)(ADB, [...args])).stdout;
  }

  /** Plug a phone in, and wait until adb has it in this state. */
  async plug(phone: PhoneEmulator, state = 'device'): Promise<void> {
    await this.adb('connect', phone.serial).catch(() => undefined);
    while (!(await this.adb('devices')).includes(`${phone.serial}\t${state}`)) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  stop(): void {
    execFileSync(ADB, ['kill-server'], { stdio: 'ignore' });
    for (const name of ['ANDROID_ADB_SERVER_PORT', 'HOME', 'ANDROID_SDK_HOME', 'ANDROID_SERIAL']) {
      if (this.before[name] === undefined) delete process.env[name];
      else process.env[name] = this.before[name];
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
