import { DeviceUnavailableError } from '@nnm/core';
import type { LaunchOptions, StartedBrowser } from './started-browser.ts';

/** Nothing that the browser does by itself, and no page that is slowed down for being out of sight. */
const QUIET_ARGS = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * Start Chrome, Chromium or Edge with a profile of its own and open a page in it.
 *
 * @throws {@link DeviceUnavailableError} when it does not start
 */
export async function launchChromium({ file, url, args, window }: LaunchOptions): Promise<StartedBrowser> {
  const { chromium } = await import('playwright-core');
  try {
    const browser = await chromium.launch({
      executablePath: file,
      args: [...QUIET_ARGS, ...args],
      headless: !window,
      // As root, which build machines often are, its sandbox does not start.
      chromiumSandbox: process.getuid?.() !== 0 && !args.includes('--no-sandbox'),
      // The program that nnm runs in decides what an interrupt ends.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const ended = new Promise<string>((resolve) => {
      browser.once('disconnected', () => resolve('ended its browser'));
    });
    const page = await browser.newPage({ viewport: null });
    const crashed = new Promise<string>((resolve) => page.once('crash', () => resolve('crashed its page')));
    const started: StartedBrowser = { ended: Promise.race([ended, crashed]), close: () => browser.close() };
    await page.goto(url).catch(async (error: unknown) => {
      await started.close();
      throw error;
    });
    return started;
  } catch (cause) {
    throw new DeviceUnavailableError(
      {
        device: 'browser',
        reason: `${file} did not start: ${reasonOf(cause)}`,
        hint: 'Start it by hand to see what it says. BROWSER_ARGS in configs/backend_config.yaml gives it arguments, such as --no-sandbox where its sandbox cannot start.',
      },
      { cause },
    );
  }
}

/** The first line that says what happened: playwright adds its own log below. */
function reasonOf(cause: unknown): string {
  const lines = (cause instanceof Error ? cause.message : String(cause)).split('\n').map((line) => line.trim());
  const said = lines.find((line) => /error|fatal|cannot|unable|missing/i.test(line) && !/^browserType\.launch/.test(line));
  return (said ?? lines[0] ?? '').slice(0, 300).replace(/\.$/, '');
}
