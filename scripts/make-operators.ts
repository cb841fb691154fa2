import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { operatorsPage } from './operators/operators-page.ts';

/** Writes docs/operators.md; `npm run make:operators`. */
await writeFile(fileURLToPath(new URL('../docs/operators.md', import.meta.url)), operatorsPage());
