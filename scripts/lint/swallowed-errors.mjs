// An error that is dropped needs its reason beside it: a comment on the line of the `catch`, in the four lines before (a short function's
// own comment) or in the line after.
// `node scripts/lint/swallowed-errors.mjs`; exits 1 and names every place without one.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** A catch clause or handler that does not look at the error. */
const DROPS = /\bcatch \{|\.catch\(\(\) =>/;
const skipped = /(^|[\\/])(node_modules|dist|generated|__fixtures__)([\\/]|$)|\.test\.ts$/;

const found = [];
for (const folder of ['packages', 'tools', 'examples', 'scripts']) {
  for (const entry of await readdir(join(root, folder), { recursive: true })) {
    if (skipped.test(entry) || !/\.m?[jt]s$/.test(entry)) continue;
    const file = join(root, folder, entry);
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      if (!DROPS.test(line)) continue;
      const around = lines.slice(Math.max(0, index - 4), index + 2);
      if (!around.some((text) => /(^|\s)(\/\/|\*)/.test(text))) found.push(`${relative(root, file)}:${index + 1}: ${line.trim()}`);
    }
  }
}
for (const place of found) console.error(`${place}\n  An error is dropped without a comment that says why that is right.`);
process.exitCode = found.length === 0 ? 0 : 1;
