// npm leaves optional platform packages out of package-lock.json when the registry lacks them, and newer npm then refuses the lock.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

/** True when node's resolution from `place` finds `name` in the lock. */
function isLocked(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '' || !folder.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

const missing = Object.entries(packages).flatMap(([place, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !isLocked(place, name))
    .map((name) => `${place === '' ? 'the root' : place} wants ${name}`),
);
if (missing.length > 0) {
  console.error(
    `package-lock.json lacks ${missing.length} optional packages; choose versions the registry holds completely:\n  ${missing.join('\n  ')}`,
  );
  process.exit(1);
}
console.log(`package-lock.json holds every optional package (${Object.keys(packages).length} entries).`);
