import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceUnavailableError } from '@nnm/core';
import type { LaunchOptions, StartedBrowser } from './started-browser.ts';

/** Nothing that it does by itself, and a clock that is not made coarse. */
const PREFERENCES: Readonly<Record<string, boolean | string | number>> = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'app.update.enabled': false,
  'extensions.update.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'privacy.resistFingerprinting': false,
};

/**
 * Start an installed Firefox with a profile of its own and open a page in it. playwright drives only a Firefox that it has built itself, so
 * this one is started as a program; its page says by its connection that it is there.
 *
 * @throws {@link DeviceUnavailableError} when it cannot be started
 */
export async function launchFirefox({ file, url, args, window }: LaunchOptions): Promise<StartedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'nnm-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), `${lines.join('\n')}\n`);
  const child = spawn(file, ['--no-remote', '--profile', profile, ...(window ? [] : ['--headless']), ...args, url], { stdio: 'ignore' });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`ended its browser (${signal ?? `exit code ${code}`})`));
    child.once('error', (error) => resolve(`could not start its browser: ${error.message}`));
  });
  void ended.then(async () => {
    process.off('exit', endWithUs);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      const hint = 'Set BROWSER in configs/backend_config.yaml to a browser that starts.';
      reject(new DeviceUnavailableError({ device: 'browser', reason: `${file} did not start: ${cause.message}`, hint }, { cause }));
    });
  });
  return {
    ended,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
