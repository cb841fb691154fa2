import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, win32 } from 'node:path';
import { DeviceUnavailableError } from '@nnm/core';

/** The browsers that nnm looks for, in this order. */
export const BROWSERS = ['chrome', 'chromium', 'edge', 'firefox'] as const;

/** A browser by its name. */
export type BrowserName = (typeof BROWSERS)[number];

/** An installed browser. */
export interface FoundBrowser {
  readonly file: string;
  /** How it is started: Firefox is told what to open in its own way. */
  readonly family: 'chromium' | 'firefox';
}

/** Where programs are looked for; an argument, so that every platform can be tested. */
export interface SearchPlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  exists(file: string): boolean;
}

const COMMANDS: Readonly<Record<BrowserName, readonly string[]>> = {
  chrome: ['google-chrome', 'google-chrome-stable'],
  chromium: ['chromium', 'chromium-browser'],
  edge: ['microsoft-edge', 'microsoft-edge-stable'],
  firefox: ['firefox', 'firefox-esr'],
};
const LINUX_FILES: Readonly<Record<BrowserName, readonly string[]>> = {
  chrome: ['/opt/google/chrome/chrome'],
  chromium: ['/usr/bin/chromium', '/snap/bin/chromium'],
  edge: ['/opt/microsoft/msedge/msedge'],
  firefox: ['/usr/bin/firefox-esr', '/snap/bin/firefox'],
};
const MAC_APPS: Readonly<Record<BrowserName, string>> = {
  chrome: 'Google Chrome',
  chromium: 'Chromium',
  edge: 'Microsoft Edge',
  firefox: 'Firefox',
};
const WINDOWS_FILES: Readonly<Record<BrowserName, string>> = {
  chrome: 'Google\\Chrome\\Application\\chrome.exe',
  chromium: 'Chromium\\Application\\chrome.exe',
  edge: 'Microsoft\\Edge\\Application\\msedge.exe',
  firefox: 'Mozilla Firefox\\firefox.exe',
};

/** This machine. */
export const HERE: SearchPlace = { platform: process.platform, env: process.env, home: homedir(), exists: existsSync };

/** An installed browser; undefined when it is not there. */
export function findNamed(name: BrowserName, place: SearchPlace = HERE): FoundBrowser | undefined {
  const file = candidates(name, place).find((candidate) => place.exists(candidate));
  return file === undefined ? undefined : { file, family: name === 'firefox' ? 'firefox' : 'chromium' };
}

/**
 * The browser that a setting means.
 *
 * @param wanted - a name, the path of a program, or undefined for the first that is installed
 * @throws {@link DeviceUnavailableError} saying what was looked for, and how to get it
 */
export function findBrowser(wanted: string | undefined, place: SearchPlace = HERE): FoundBrowser {
  const names = wanted === undefined ? BROWSERS : BROWSERS.filter((name) => name === wanted);
  for (const name of names) {
    const found = findNamed(name, place);
    if (found !== undefined) return found;
  }
  if (wanted !== undefined && names.length === 0) {
    if (place.exists(wanted)) return { file: wanted, family: /firefox/i.test(wanted) ? 'firefox' : 'chromium' };
    throw new DeviceUnavailableError({
      device: 'browser',
      reason: `there is no program ${wanted}`,
      hint: `Set BROWSER in configs/backend_config.yaml to ${BROWSERS.join(', ')}, the path of a browser, or link.`,
    });
  }
  throw new DeviceUnavailableError({
    device: 'browser',
    reason: `${wanted === undefined ? 'no browser was' : `${wanted} was not`} found; looked for ${names.flatMap((name) => candidates(name, place)).join(', ')}`,
    hint: `Install one (${INSTALL[place.platform] ?? 'Chrome, Chromium, Edge or Firefox'}), set BROWSER to the path of one, or to link, and open the link that nnm prints in any browser.`,
  });
}

const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Debian, Ubuntu: `apt-get install chromium`; Fedora: `dnf install chromium`',
  darwin: '`brew install --cask google-chrome`',
  win32: '`winget install Google.Chrome`; Edge comes with Windows',
};

function candidates(name: BrowserName, { platform, env, home }: SearchPlace): readonly string[] {
  if (platform === 'win32') {
    const bases = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((base) => base !== undefined);
    return bases.map((base) => win32.join(base, WINDOWS_FILES[name]));
  }
  if (platform === 'darwin') {
    const app = `${MAC_APPS[name]}.app/Contents/MacOS/${name === 'firefox' ? 'firefox' : MAC_APPS[name]}`;
    return [`/Applications/${app}`, join(home, 'Applications', app)];
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...COMMANDS[name].flatMap((command) => folders.map((folder) => join(folder, command))), ...LINUX_FILES[name]])];
}
