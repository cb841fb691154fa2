import type { DeviceFacts } from '@nnm/core';
import type { AboutPage } from './protocol.ts';

/** What is known of the machine under a browser that nnm has started itself. */
export interface OwnMachine {
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly arch: string;
}

const GIB = 2 ** 30;

/** What a page says of itself, as facts of a device. @param own - this machine, when the browser was started on it */
export function factsOf(about: AboutPage, own: OwnMachine | undefined): DeviceFacts {
  const { name, version } = browserOf(about);
  const { isolated, secure, webgpu, cores, model, platform, arch, memoryGib } = about;
  const notes = [
    ...(isolated
      ? []
      : [
          `The page is not isolated${secure ? '' : ', because its address is not a secure one'}: the browser's clock is coarse, and there are no threads. A link to localhost is secure, also on a phone by \`adb reverse\`.`,
        ]),
  ];
  const memoryBytes = own?.memoryBytes ?? (memoryGib > 0 ? memoryGib * GIB : undefined);
  return {
    kind: 'browser',
    name,
    version,
    cpu: own?.cpu ?? (model === '' ? 'unknown' : `unknown (${model})`),
    cores,
    ...(memoryBytes !== undefined && { memoryBytes }),
    platform: own?.platform ?? (platform || platformOf(about.userAgent)),
    arch: own?.arch ?? (arch || 'unknown'),
    details: {
      browser: `${name} ${version}`,
      isolation: isolated ? 'cross-origin isolated: fine clock, threads' : 'not isolated: coarse clock, no threads',
      WebGPU: webgpu ? 'offered by the browser' : 'not offered by the browser',
    },
    notes,
  };
}

/** In client hints every browser of Chromium's names Chromium too, and one that does not exist. */
const KNOWN = ['Google Chrome', 'Microsoft Edge', 'Opera', 'Brave', 'Samsung Internet', 'Chromium'];

function browserOf({ brands, userAgent }: AboutPage): { readonly name: string; readonly version: string } {
  for (const name of KNOWN) {
    const found = brands.find(({ brand }) => brand === name);
    if (found !== undefined) return { name: name.replace('Google ', ''), version: found.version };
  }
  const patterns: readonly (readonly [string, RegExp])[] = [
    ['Firefox', /Firefox\/([\d.]+)/],
    ['Edge', /Edg(?:A|iOS)?\/([\d.]+)/],
    ['Chrome', /(?:HeadlessChrome|Chrome|CriOS)\/([\d.]+)/],
    ['Safari', /Version\/([\d.]+).*Safari/],
  ];
  for (const [name, pattern] of patterns) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return { name, version };
  }
  return { name: 'unknown browser', version: '' };
}

function platformOf(userAgent: string): string {
  const known = ['Android', 'iPhone', 'iPad', 'Windows', 'Macintosh', 'Linux'];
  return known.find((name) => userAgent.includes(name)) ?? 'unknown';
}
