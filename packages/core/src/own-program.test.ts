import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// What is built finds its programs by these exports, see `locateOwnProgram`; tests run from sources and would not miss them.
it.each([
  ['profiler-worker', './profiler/worker.ts'],
  ['forest-thread', './parallel/forest-thread.ts'],
])('the program %s is exported by the package', async (exported, source) => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const target = manifest.exports[`./${exported}`]['@nnm/source'];
  expect(fileURLToPath(new URL(target, new URL('../', import.meta.url)))).toBe(fileURLToPath(new URL(source, import.meta.url)));
  expect(manifest.exports[`./${exported}`].default).toBe(target.replace('/src/', '/dist/').replace('.ts', '.js'));
  await readFile(new URL(source, import.meta.url));
});
