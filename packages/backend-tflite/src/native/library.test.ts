import { readFileSync } from 'node:fs';
import { RuntimeUnavailableError } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { chooseLibrary } from './library.ts';

const request = { backend: 'tflite_cpu', setting: undefined };

describe('chooseLibrary', () => {
  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'])('has one for %s', (platform) => {
    expect(chooseLibrary({ ...request, platform })).toMatchObject({ label: expect.stringMatching(/^tfjs-tflite-node@/) });
  });

  it('names the package that it was taken from, with the version that the build copies', () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const { label } = chooseLibrary({ ...request, platform: 'linux-x64' });
    expect(label).toBe(`tfjs-tflite-node@${devDependencies['tfjs-tflite-node']}/cc_deps/linux_amd64/libtensorflowlite_c.so`);
  });

  it('names the platforms it has one for, and what to do on others', () => {
    try {
      chooseLibrary({ ...request, platform: 'freebsd-x64' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RuntimeUnavailableError);
      expect((error as RuntimeUnavailableError).message).toBe(
        'The runtime of tflite_cpu cannot be started: no TensorFlow Lite library comes with it for freebsd-x64 (there is one for linux-x64, linux-arm64, darwin-arm64, win32-x64).',
      );
      expect((error as RuntimeUnavailableError).hint).toContain('NNM_TFLITE_LIBRARY');
    }
  });

  it('takes another library on any platform', () => {
    const { path, label } = chooseLibrary({ ...request, setting: process.execPath, platform: 'freebsd-x64' });
    expect({ path, label }).toEqual({ path: process.execPath, label: process.execPath });
  });
});
