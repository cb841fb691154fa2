import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFolderLock } from './folder-lock.mjs';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nnm lock '));
  lock = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Holds the lock while it makes a file that must not be there yet; says how it went. */
const PROGRAM = `
import { mkdirSync, rmdirSync } from 'node:fs';
import { withFolderLock } from ${JSON.stringify(new URL('./folder-lock.mjs', import.meta.url).href)};
const [lock, used] = process.argv.slice(1);
await withFolderLock(lock, async () => {
  mkdirSync(used);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  rmdirSync(used);
});
console.log('done');
`;

async function inProcess(): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, lock, join(folder, 'used')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return output.trim();
}

it('lets one process in at a time, and one of them takes over the lock of a process that is gone', async () => {
  await mkdir(lock);
  await writeFile(join(lock, '999999999'), '');
  expect(await Promise.all(Array.from({ length: 6 }, inProcess))).toEqual(Array(6).fill('done'));
  expect(await readdir(folder)).toEqual([]);
});

it('is given back when the work fails', async () => {
  await expect(withFolderLock(lock, () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  expect(await withFolderLock(lock, () => 'in again')).toBe('in again');
  expect(await readdir(folder)).toEqual([]);
});
