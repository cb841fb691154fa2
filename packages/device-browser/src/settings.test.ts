import { expect, it } from 'vitest';
import { BROWSER_KEYS, parseBrowserSettings } from './settings.ts';

it('fills in defaults: less patience with a browser that nnm starts', () => {
  expect(parseBrowserSettings({})).toEqual({
    browser: undefined,
    args: [],
    window: false,
    port: 0,
    lan: false,
    phone: undefined,
    waitMs: 60_000,
  });
  expect(parseBrowserSettings({ BROWSER: 'link' }).waitMs).toBe(300_000);
  expect(parseBrowserSettings({ LAN: true })).toMatchObject({ browser: 'link', lan: true });
  expect(parseBrowserSettings({ ADB_REVERSE: true })).toMatchObject({ browser: 'link', phone: { serial: undefined }, waitMs: 300_000 });
  expect(parseBrowserSettings({ ADB_REVERSE: 'R5CT10ABCDE' }).phone).toEqual({ serial: 'R5CT10ABCDE' });
  expect(BROWSER_KEYS).toContain('PORT');
});

it('names everything that is wrong', () => {
  const wrong = { BROWSER: 5, BROWSER_ARGS: '--x', PORT: 70_000, LAN: 'yes', WAIT_S: 0 };
  expect(() => parseBrowserSettings(wrong)).toThrow(
    expect.objectContaining({ problems: Object.keys(wrong).map((key) => expect.objectContaining({ key })) }),
  );
  expect(() => parseBrowserSettings({ LAN: true, BROWSER: 'chrome' })).toThrow(/BROWSER must be link or left out with LAN/);
  expect(() => parseBrowserSettings({ ADB_REVERSE: true, BROWSER: 'chrome' })).toThrow(/BROWSER must be link or left out with ADB_REVERSE/);
  expect(() => parseBrowserSettings({ ADB_REVERSE: true, LAN: true })).toThrow(/ADB_REVERSE must be left out with LAN/);
});
