import type { DeviceKind } from '@nnm/core';
import { BrowserDevice } from './browser-device.ts';
import { BROWSERS, findBrowser, findNamed } from './launch/find-browser.ts';
import { BROWSER_KEYS, type BrowserSettings, parseBrowserSettings } from './settings.ts';

/** `DEVICE: browser`. */
export const browserDeviceKind: DeviceKind<BrowserSettings> = {
  id: 'browser',
  description: 'A page in Chrome, Chromium, Edge or Firefox that nnm starts, or in any browser that opens its link.',
  keys: BROWSER_KEYS,
  parseSettings: parseBrowserSettings,
  refuse: ({ id, browser }) => (browser === undefined ? `${id} does not run in a browser.` : undefined),
  look(settings) {
    const browser = settings?.browser;
    if (browser === 'link') return 'any browser that opens the link';
    const { file } = findBrowser(browser);
    const others = BROWSERS.flatMap((name) => findNamed(name)?.file ?? []).filter((one) => one !== file);
    return `${file}${others.length > 0 ? `; also here: ${others.join(', ')}` : ''}`;
  },
  open: (settings, backend) => new BrowserDevice(settings, backend),
};
