import { describe, expect, it } from 'vitest';
import { findBrowser, type SearchPlace } from './find-browser.ts';

const place = (platform: NodeJS.Platform, files: readonly string[], env: SearchPlace['env'] = {}): SearchPlace => ({
  platform,
  env,
  home: '/home/me',
  exists: (file) => files.includes(file),
});

describe('findBrowser', () => {
  it.each([
    ['the first on the path', undefined, place('linux', ['/b/chromium', '/a/firefox'], { PATH: '/a:/b' }), '/b/chromium', 'chromium'],
    ['one beside the path', 'edge', place('linux', ['/opt/microsoft/msedge/msedge']), '/opt/microsoft/msedge/msedge', 'chromium'],
    ['Firefox', 'firefox', place('linux', ['/a/chromium', '/a/firefox-esr'], { PATH: '/a' }), '/a/firefox-esr', 'firefox'],
    ['a path', '/my/own/Firefox', place('linux', ['/my/own/Firefox']), '/my/own/Firefox', 'firefox'],
    [
      'an application',
      undefined,
      place('darwin', ['/home/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']),
      '/home/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'chromium',
    ],
    [
      'Edge, which Windows has',
      undefined,
      place('win32', ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'], {
        'PROGRAMFILES(X86)': 'C:\\Program Files (x86)',
      }),
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
      'chromium',
    ],
  ] as const)('finds %s', (_, wanted, where, file, family) => {
    expect(findBrowser(wanted, where)).toEqual({ file, family });
  });

  it('says where it looked, and how to get one', () => {
    expect(() => findBrowser(undefined, place('linux', [], { PATH: '/a' }))).toThrow(
      expect.objectContaining({
        code: 'ERR_DEVICE_UNAVAILABLE',
        message: expect.stringMatching(/no browser was found; looked for \/a\/google-chrome, .*\/usr\/bin\/firefox-esr/),
        hint: expect.stringContaining('apt-get install chromium'),
      }),
    );
    expect(() => findBrowser('chrome', place('win32', [], { LOCALAPPDATA: 'C:\\L' }))).toThrow(
      /chrome was not found; looked for C:\\L\\Google\\Chrome\\Application\\chrome\.exe/,
    );
    expect(() => findBrowser('opera', place('linux', []))).toThrow(/there is no program opera/);
  });
});
