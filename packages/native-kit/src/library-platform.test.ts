import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { libraryPlatform } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { describeForeignLibrary } from './library-platform.ts';

const libraries = join(dirname(createRequire(import.meta.url).resolve('tfjs-tflite-node/package.json')), 'cc_deps');

describe('the platform of a library', () => {
  it.each([
    ['linux_amd64/libtensorflowlite_c.so', 'linux-x64'],
    ['linux_arm64/libtensorflowlite_c.so', 'linux-arm64'],
    ['darwin_arm64/libtensorflowlite_c.dylib', 'darwin-arm64'],
    ['windows_amd64/tensorflowlite_c.dll', 'win32-x64'],
  ])('%s', (name, platform) => {
    const file = join(libraries, name);
    expect(existsSync(file)).toBe(true);
    expect(libraryPlatform(readFileSync(file).subarray(0, 4096))).toBe(platform);
    expect(describeForeignLibrary(file, platform)).toBeUndefined();
    expect(describeForeignLibrary(file, 'linux-riscv64')).toBe(`it is built for ${platform}`);
  });

  it('of several processors in one file is that of the system', () => {
    const fat = new Uint8Array(64);
    fat.set([0xca, 0xfe, 0xba, 0xbe]);
    expect(libraryPlatform(fat)).toBe('darwin');
  });

  it('of other files is unknown', () => {
    expect(libraryPlatform(new TextEncoder().encode('not a library'.repeat(10)))).toBeUndefined();
    expect(libraryPlatform(new Uint8Array(0))).toBeUndefined();
    expect(describeForeignLibrary(libraries, 'linux-x64')).toBe('it is not a shared library');
    expect(describeForeignLibrary(new URL(import.meta.url).pathname, 'linux-x64')).toBe('it is not a shared library');
  });
});
