import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium. */
export const CHROMIUM = '/usr/bin/chromium';

/** Debian's Firefox. */
export const FIREFOX = '/usr/bin/firefox-esr';

/** Why Firefox cannot be started here; undefined where it can. */
export const firefoxMissing: string | undefined = existsSync(FIREFOX)
  ? undefined
  : `${FIREFOX} is missing (Debian: apt-get install firefox-esr; \`npm run test:debian\` installs it)`;

/** Why no browser can be started here; undefined where one can. */
export const browserMissing: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `${CHROMIUM} is missing (Debian: apt-get install chromium; \`npm run test:debian\` installs it)`;

/** What gives Chromium a GPU for WebGPU and WebGL on every machine: one made of software. */
export const SOFTWARE_GPU: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** A browser of a test's own, which opens links as somebody would. */
export function openChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-sync', ...args],
  });
}
