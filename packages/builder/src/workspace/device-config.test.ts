import { createRegistry, type Device, type DeviceKind, definePlugin, deviceOf, InvalidSettingsError } from '@nnm/core';
import { ReferenceBackend } from '@nnm/core/testing';
import { describe, expect, it } from 'vitest';
import { configureBackend } from './device-config.ts';

/** A backend whose private state only its own methods reach, as other people's may be. */
class Keyed extends ReferenceBackend {
  override readonly id: string = 'keyed';
  readonly #prefix = 'parsed';

  override parseSettings(raw: unknown): Record<string, never> {
    const { THREADS, ...others } = raw as Record<string, unknown>;
    const problems = Object.keys(others).map((key) => ({ key, message: 'is not a setting' }));
    if (problems.length > 0) throw new InvalidSettingsError({ backend: this.id, problems });
    return { [this.#prefix]: THREADS } as never;
  }
}

const moon: DeviceKind<{ readonly port: unknown }> = {
  id: 'moon',
  description: 'far away',
  keys: ['PORT', 'DISH'],
  address: '<crater>',
  parseSettings({ PORT: port }, crater) {
    if (port === 'wrong') throw new InvalidSettingsError({ backend: 'moon', problems: [{ key: 'PORT', message: 'must be a number' }] });
    return { port, ...(crater !== undefined && { crater }) };
  },
  refuse: ({ id }) => (id === 'keyed' ? undefined : `${id} stays on the ground.`),
  look: () => 'visible',
  open: (settings) => ({ id: 'moon', settings }) as unknown as Device,
};
const sun: DeviceKind<object> = {
  id: 'sun',
  description: 'hot',
  keys: ['SHADE'],
  parseSettings: () => ({}),
  refuse: () => undefined,
  look: () => 'bright',
  open: () => ({ id: 'sun' }) as unknown as Device,
};
const registry = createRegistry([definePlugin({ name: 'space', apiVersion: 1, devices: [moon, sun] })]);
const keyed = new Keyed();
const configure = (raw: object, choice = {}) => configureBackend(keyed, raw as Record<string, unknown>, registry, choice);

describe('configureBackend', () => {
  it('leaves a backend on this machine as it is', () => {
    expect(configure({ THREADS: 2 }).backend).toBe(keyed);
    expect(configure({ THREADS: 2, DEVICE: 'here' })).toEqual({ backend: keyed, settings: { parsed: 2 } });
  });

  it('tells the settings of a device from those of the backend, which goes to the device', () => {
    const { backend, settings } = configure({ THREADS: 2, DEVICE: 'moon', PORT: 7 });
    expect(settings).toEqual({ parsed: 2 });
    expect(deviceOf(backend)).toMatchObject({ id: 'moon', settings: { port: 7 } });
    expect(backend).toBeInstanceOf(Keyed);
    expect(backend.parseSettings({ THREADS: 3 })).toEqual({ parsed: 3 });
    expect(backend.runtime).toBe(keyed.runtime);
  });

  it('lets a command choose the device, and its settings', () => {
    expect(deviceOf(configure({}, { device: 'moon', deviceSettings: { PORT: 8 } }).backend)).toMatchObject({ settings: { port: 8 } });
    expect(configure({ DEVICE: 'moon', PORT: 7, THREADS: 1 }, { device: 'here' })).toEqual({ backend: keyed, settings: { parsed: 1 } });
    expect(() => configure({}, { deviceSettings: { DISH: 1 } })).toThrow(/DEVICE is here, where DISH says nothing/);
  });

  it('takes an address whose scheme is the id of a kind, and the name of a device', () => {
    const named = { lab: { address: 'moon://tycho', settings: { PORT: 1, DISH: 2 } }, plain: { address: 'sun' } };
    expect(deviceOf(configure({ DEVICE: 'moon://tycho', PORT: 7 }).backend)).toMatchObject({ settings: { port: 7, crater: 'tycho' } });
    expect(configure({ DEVICE: 'Moon://a/b:c' }).device).toMatchObject({ kind: { id: 'moon' }, settings: { crater: 'a/b:c' } });
    expect(configure({ DEVICE: 'lab' }, { named }).device?.settings).toEqual({ port: 1, crater: 'tycho' });
    // What the workspace says comes before what was said with the name, and what the command says before both.
    expect(configure({ DEVICE: 'lab', PORT: 3 }, { named }).device?.settings).toMatchObject({ port: 3 });
    expect(configure({ DEVICE: 'lab', PORT: 3 }, { named, deviceSettings: { PORT: 4 } }).device?.settings).toMatchObject({ port: 4 });
    expect(configure({}, { device: 'plain', named }).device?.kind.id).toBe('sun');
    expect(() => configure({ DEVICE: 'sun://noon' })).toThrow(/DEVICE is sun:\/\/noon, but the device sun has no addresses/);
    expect(() => configure({ DEVICE: 'mon://tycho' })).toThrow(/there is no device "mon"; did you mean "moon"/);
    expect(() => configure({ DEVICE: 'lap' }, { named })).toThrow(/there is no device "lap"; did you mean "lab"/);
  });

  it('lets the settings of another device wait for the next command', () => {
    expect(configure({ DEVICE: 'moon://tycho', PORT: 7, THREADS: 1 }, { device: 'sun' })).toMatchObject({
      settings: { parsed: 1 },
      device: { kind: { id: 'sun' } },
    });
  });

  it('tells the problems of both together', () => {
    expect(() => configure({ DEVICE: 'moon', PORT: 'wrong', NOISE: 1 })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ key: 'NOISE' }), expect.objectContaining({ key: 'PORT' })] }),
    );
  });

  it('says that a device is unknown, or that the backend does not run there', () => {
    expect(() => configure({ DEVICE: 'mon' })).toThrow(/there is no device "mon"; did you mean "moon"/);
    expect(() => configure({ DEVICE: 5 })).toThrow(/DEVICE must be the name of a device/);
    expect(() => configureBackend(new ReferenceBackend(), { DEVICE: 'moon' }, registry)).toThrow(
      /DEVICE is moon: reference stays on the ground\. `nnm backends` shows what runs where/,
    );
    // A key of a device is none of the backend's without the device.
    expect(() => configure({ PORT: 7 })).toThrow(/PORT is not a setting/);
  });
});
