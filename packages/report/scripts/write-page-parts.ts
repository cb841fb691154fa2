// Puts the bundled page into the built package: `dist/page-parts.js` takes the place of the module that bundles it from sources,
// and `dist/THIRD-PARTY-LICENSES.txt` holds the licences of what is inside. Runs at the end of `npm run build`.
import { rm, writeFile } from 'node:fs/promises';
import { readPageParts } from '../src/page-parts.ts';

const dist = new URL('../dist/', import.meta.url);
const parts = await readPageParts();
await writeFile(
  new URL('page-parts.js', dist),
  `const parts = ${JSON.stringify(parts)};\nexport const readPageParts = async () => parts;\n`,
);
await rm(new URL('page-parts.js.map', dist), { force: true });
const licences = parts.packages.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`);
await writeFile(new URL('THIRD-PARTY-LICENSES.txt', dist), licences.join(`\n${'-'.repeat(78)}\n\n`));
