import { readFile, writeFile } from 'node:fs/promises';
import { KERNEL_PACKAGES, readmeOf } from './kernel-tables/kernel-packages.ts';
import { withKernelTables } from './kernel-tables/kernel-tables.ts';

/** Writes the tables in the READMEs of packages/kernels-*; `npm run make:kernel-tables`. */
for (const plugin of KERNEL_PACKAGES) {
  const readme = readmeOf(plugin);
  await writeFile(readme, withKernelTables(await readFile(readme, 'utf8'), plugin));
}
