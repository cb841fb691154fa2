import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adbMissing, TestAdbServer } from '../../../device-adb/src/__fixtures__/debian-adb.ts';
import { PhoneEmulator } from '../../../device-adb/src/__fixtures__/phone-emulator.ts';
import { spinning } from '../__fixtures__/spinning-backend.ts';
import { BrowserDevice } from '../browser-device.ts';
import { parseBrowserSettings } from '../settings.ts';
import { reversePort } from './reverse-port.ts';

if (adbMissing !== undefined) console.warn(`skipped: no port of a phone is reversed: ${adbMissing}`);

describe.skipIf(adbMissing !== undefined)(`the page on a phone, by adb${adbMissing === undefined ? '' : ` (${adbMissing})`}`, () => {
  const server = new TestAdbServer();
  const phone = new PhoneEmulator();
  beforeAll(async () => {
    await server.start();
    await phone.start();
    await server.plug(phone);
  });
  afterAll(async () => {
    server.stop();
    await phone.stop();
  });

  it('is opened there by a port that leads here, which is taken back', async () => {
    const link = 'http://localhost:4567/?token=abc-_1';
    const reversed = await reversePort(undefined, 4567, link);
    expect([...phone.reversed]).toEqual([['tcp:4567', 'tcp:4567']]);
    expect(readFileSync(join(phone.root, 'am'), 'utf8')).toBe(`start -a android.intent.action.VIEW -d ${link}\n`);
    await reversed.close();
    expect(phone.reversed.size).toBe(0);
  });

  it('is one clear error where the phone is not there', async () => {
    await expect(reversePort('R5CT10ABCDE', 4567, 'http://localhost')).rejects.toMatchObject({
      code: 'ERR_DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/adb cannot open the page on the phone: device 'R5CT10ABCDE' not found/),
    });
  });

  it('comes with ADB_REVERSE', async () => {
    const parts = { html: '', page: '', host: '' };
    const device = new BrowserDevice(parseBrowserSettings({ ADB_REVERSE: phone.serial, WAIT_S: 1 }), spinning, async () => parts);
    const said: string[] = [];
    device.onNotice((text) => said.push(text));
    const connecting = device.connect({ message: () => undefined, end: () => undefined });
    await expect(connecting).rejects.toThrow('no browser opened its page within 1 s');
    expect(said).toEqual([expect.stringContaining('opened in the browser of the phone')]);
    expect(phone.reversed.size).toBe(1);
    await device.close();
    expect(phone.reversed.size).toBe(0);
  });
});
