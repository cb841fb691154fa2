import { closeSync, openSync, readSync } from 'node:fs';
import { libraryPlatform } from '@nnm/core';

/** Why the file cannot be a library for `platform`, or undefined when nothing speaks against it. */
export function describeForeignLibrary(file: string, platform: string): string | undefined {
  const builtFor = libraryPlatform(readHead(file));
  if (builtFor === undefined) return 'it is not a shared library';
  return builtFor === platform || platform.startsWith(`${builtFor}-`) ? undefined : `it is built for ${builtFor}`;
}

function readHead(file: string): Uint8Array {
  const head = Buffer.alloc(4096);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } catch {
    return head.subarray(0, 0); // a folder, or not readable: no library either way
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
