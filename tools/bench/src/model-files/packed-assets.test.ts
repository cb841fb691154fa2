import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPackedAsset } from './packed-assets.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm-packed-'));
  await writeFile(path.join(folder, 'assets.data'), 'onetwothree');
  const files = [
    { filename: '/a/one.txt', start: 0, end: 3 },
    { filename: '/b/two.txt', start: 3, end: 6 },
  ];
  await writeFile(path.join(folder, 'assets_loader.js'), `load({"files": ${JSON.stringify(files)}, "size": 11});`);
});
afterAll(() => rm(folder, { recursive: true }));

it('is cut out by the table of its loader', async () => {
  expect(Buffer.from(await readPackedAsset(path.join(folder, 'assets'), 'two.txt')).toString()).toBe('two');
});

it('names what is not there', async () => {
  await expect(readPackedAsset(path.join(folder, 'assets'), 'four.txt')).rejects.toThrow('assets.data holds no four.txt');
});
