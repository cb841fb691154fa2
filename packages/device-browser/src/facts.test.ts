import { describe, expect, it } from 'vitest';
import { factsOf } from './facts.ts';
import type { AboutPage } from './protocol.ts';

const about = (change: Partial<AboutPage>): AboutPage => ({
  userAgent: '',
  brands: [],
  platform: '',
  arch: '',
  model: '',
  cores: 4,
  memoryGib: 0,
  isolated: true,
  secure: true,
  webgpu: false,
  ...change,
});

describe('factsOf', () => {
  it.each([
    [
      'Chrome 156.0.1',
      {
        brands: [
          { brand: 'Not)A;Brand', version: '8' },
          { brand: 'Chromium', version: '156.0.0' },
          { brand: 'Google Chrome', version: '156.0.1' },
        ],
      },
    ],
    [
      'Chromium 156.0.0',
      {
        brands: [
          { brand: 'HeadlessChrome', version: '156.0.0' },
          { brand: 'Chromium', version: '156.0.0' },
        ],
      },
    ],
    ['Firefox 153.0', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' }],
    [
      'Safari 26.1',
      {
        userAgent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
      },
    ],
    [
      'Edge 156.0.2',
      { userAgent: 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.2' },
    ],
    ['unknown browser', { userAgent: 'curl/8' }],
  ] as const)('knows %s', (name, change) => {
    const facts = factsOf(about(change), undefined);
    expect(`${facts.name} ${facts.version}`.trim()).toBe(name);
  });

  it('takes the word of a phone for what it is, and knows no CPU', () => {
    const phone = about({ platform: 'Android', model: 'Pixel 8', memoryGib: 8, arch: 'arm64' });
    expect(factsOf(phone, undefined)).toMatchObject({
      cpu: 'unknown (Pixel 8)',
      platform: 'Android',
      arch: 'arm64',
      memoryBytes: 8 * 2 ** 30,
    });
    expect(factsOf(about({ userAgent: 'Mozilla/5.0 (Android 15; Mobile)' }), undefined)).toMatchObject({
      cpu: 'unknown',
      platform: 'Android',
      arch: 'unknown',
    });
  });

  it('knows the machine under a browser that nnm has started', () => {
    const own = { cpu: 'EPYC', memoryBytes: 5, platform: 'linux', arch: 'x64' };
    expect(factsOf(about({ memoryGib: 8, platform: 'Linux' }), own)).toMatchObject(own);
  });

  it('says what a page without isolation lacks', () => {
    const { notes, details } = factsOf(about({ isolated: false, secure: false }), undefined);
    expect(notes).toEqual([
      expect.stringMatching(/not isolated, because its address is not a secure one: .*coarse.*no threads\. .*adb reverse/),
    ]);
    expect(details.isolation).toMatch(/^not isolated/);
  });
});
