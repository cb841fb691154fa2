import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

// What is built finds its worker by this export, see `locateOwnProgram`; tests run from sources and would not miss it.
it('the worker is exported by the package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(manifest.exports['./worker']).toMatchObject({ '@nnm/source': './src/host/worker.ts', default: './dist/host/worker.js' });
  await readFile(new URL('./worker.ts', import.meta.url));
});
