// Puts the bundled page into the built package: `dist/page-parts.js` takes the place of the module that bundles it from sources.
import { rm, writeFile } from 'node:fs/promises';
import { readPageParts } from '../src/page-parts.ts';

const dist = new URL('../dist/', import.meta.url);
await writeFile(
  new URL('page-parts.js', dist),
  `const parts = ${JSON.stringify(await readPageParts())};\nexport const readPageParts = async () => parts;\n`,
);
await rm(new URL('page-parts.js.map', dist), { force: true });
