// Writes the command pages of README.md anew; with --check it only says whether they are up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { README, replaceCommandPages } from './command-pages.ts';

const readme = await readFile(README, 'utf8');
const renewed = await replaceCommandPages(readme);
if (!process.argv.includes('--check')) await writeFile(README, renewed);
else if (renewed !== readme) {
  console.error('The command pages of packages/cli/README.md are out of date. Run `npm run docs:cli -w packages/cli`.');
  process.exitCode = 1;
}
