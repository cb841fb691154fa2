// Gives every package one new version: `npm run release:version 0.2.0`. Packages of this repository are released together, so that
// "which core goes with which cli" has one answer; ranges among them follow. The sources read their version from package.json.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, packageFolders } from './pack-all.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/i.test(version ?? '')) {
  console.error(`Usage: npm run release:version <version>, such as 0.2.0. Got ${version ?? 'nothing'}.`);
  process.exit(1);
}

const [packages, tools, examples] = await Promise.all(['packages', 'tools', 'examples'].map(packageFolders));

for (const folder of [root, ...packages, ...tools, ...examples]) {
  await edit(join(folder, 'package.json'), (text) =>
    text
      .replace(/^( {2}"version": ")[^"]+/m, examples.includes(folder) ? '$&' : `$1${version}`)
      // Only exact and caret ranges: peers say which cores a plugin works with, which a release does not change.
      .replace(/^( {4}"@nnm\/[a-z-]+": "\^?)\d[^ "]*(?=",?$)/gm, `$1${version}`),
  );
}
await npm(['install', '--package-lock-only', '--ignore-scripts'], root);
console.log('Next: npm test, commit, npm run release');

async function edit(file, change) {
  const text = await readFile(file, 'utf8');
  if (change(text) === text) return;
  await writeFile(file, change(text));
  console.log(`${relative(root, file)} is at ${version}`);
}
