import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

/** Why no browser can be started here; undefined where one can. */
export const browserMissing: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `${EXECUTABLE} is missing (Debian: apt-get install chromium; \`npm run test:debian\` installs it)`;

/** Debian's Chromium, without anything that it would do on its own. */
export function openBrowser(): Promise<Browser> {
  const own = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'];
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', ...own] });
}
