import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { priorFiles } from './priors/prior-files.ts';

/** Writes the prior tables of the kernel packages; `npm run make:priors`. */
const root = fileURLToPath(new URL('..', import.meta.url));
for (const { path, text } of priorFiles()) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(`${path}: ${text.split('\n').length - 2} lines`);
}
