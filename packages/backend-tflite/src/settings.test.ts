import { resolve } from 'node:path';
import { InvalidSettingsError } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { parseTfliteSettings } from './settings.ts';

const parse = (raw: unknown) => parseTfliteSettings(raw, 'tflite_cpu');

describe('settings', () => {
  it('have defaults, also for an empty file', () => {
    const defaults = { DEVICE: 'host', THREADS: 1, DELEGATE: 'xnnpack' };
    expect(parse({})).toEqual(defaults);
    expect(parse(null)).toEqual(defaults);
    expect(parse({ LIBRARY: null })).toEqual(defaults);
  });

  it('take what is set', () => {
    const LIBRARY = resolve('libtensorflowlite_c.so');
    expect(parse({ THREADS: 4, DELEGATE: 'none', LIBRARY })).toEqual({ DEVICE: 'host', THREADS: 4, DELEGATE: 'none', LIBRARY });
  });

  it('list every problem at once', () => {
    try {
      parse({ DEVICE: 'phone', THREADS: -2, DELEGATE: 'gpu', LIBRARY: './lib.so', THREAD: 1 });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidSettingsError);
      expect((error as InvalidSettingsError).problems).toEqual([
        { key: 'DEVICE', message: 'must be "host", got "phone"' },
        { key: 'THREADS', message: 'must be an integer from 1 to 256, got -2' },
        { key: 'DELEGATE', message: 'must be "xnnpack" or "none", got "gpu"' },
        { key: 'LIBRARY', message: 'must be the absolute path of a library, got "./lib.so"' },
        { key: 'THREAD', message: 'is not a setting; did you mean THREADS?' },
      ]);
    }
  });

  it.each([[1.5], ['2'], [0], [1000], [Number.NaN]])('refuse %s threads', (THREADS) => {
    expect(() => parse({ THREADS })).toThrow('THREADS must be an integer from 1 to 256, got');
  });

  it.each([[['a']], ['text'], [3]])('refuse %j instead of a map', (raw) => {
    expect(() => parse(raw)).toThrow('must be a map of settings, got');
  });
});
