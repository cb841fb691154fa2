import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetDevice, nameDevice, readNamedDevices } from './named-devices.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnm-devices-'));
  file = path.join(folder, 'devices.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the devices that a user has named', () => {
  it('are kept, changed and forgotten', async () => {
    expect(await readNamedDevices(file)).toEqual({});
    await nameDevice('pi', { address: 'ssh://pi@board' }, file);
    await nameDevice('phone', { address: 'adb://1234', settings: { KEY: 1 } }, file);
    await nameDevice('pi', { address: 'ssh://pi@other' }, file);
    expect(await readNamedDevices(file)).toEqual({
      pi: { address: 'ssh://pi@other' },
      phone: { address: 'adb://1234', settings: { KEY: 1 } },
    });
    expect(await forgetDevice('pi', file)).toBe(true);
    expect(await forgetDevice('pi', file)).toBe(false);
    expect(Object.keys(await readNamedDevices(file))).toEqual(['phone']);
  });

  it.each(['', '1pi', 'p i', 'ssh://x', '__proto__'])('have names that are words, unlike %j', async (name) => {
    await expect(nameDevice(name, { address: 'ssh://board' }, file)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  });

  it.each(['{"schemaVersion":2,"devices":{}}', '{"schemaVersion":1,"devices":{"pi":{}}}', 'not JSON'])(
    'are not read from a file that is none, or of a later version: %s',
    async (text) => {
      writeFileSync(file, text);
      await expect(readNamedDevices(file)).rejects.toMatchObject({ code: 'ERR_INVALID_FILE' });
    },
  );
});
