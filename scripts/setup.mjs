// Installs what package-lock.json asks for, if it is not installed already. No dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFolderLock } from './folder-lock.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Why an install is needed, or undefined. */
function staleReason() {
  const wanted = readLock('package-lock.json');
  const installed = readLock(path.join('node_modules', '.package-lock.json'));
  if (wanted === undefined) fail('there is no readable package-lock.json, so there is nothing to install from.');
  if (installed === undefined)
    return existsSync(path.join(root, 'node_modules')) ? 'the last install was interrupted' : 'nothing is installed yet';
  for (const [place, entry] of Object.entries(wanted)) {
    if (!place.includes('node_modules/')) continue;
    if (entry.link) {
      if (!existsSync(path.join(root, place))) return `${place} is not linked`; // a new package of this repository
      continue;
    }
    const found = installed[place];
    if (found === undefined && entry.optional) continue; // another platform's
    if (found === undefined) return `${place} is missing`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) return `${place} is not the locked version`;
    if (!existsSync(path.join(root, place, 'package.json'))) return `${place} is gone`; // npm's record does not notice
  }
  return undefined;
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function install(reason) {
  console.log(`setup: installing, because ${reason}`);
  // Settings of the npm that called this script would override the repository's .npmrc.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !isInherited(key.toLowerCase())));
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, env, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error !== undefined) fail(`npm cannot be started (${result.error.code}); install npm, or put it on the PATH.`);
  if (result.status !== 0) fail('npm could not install the packages of package-lock.json; see its message above.');
}

/** Settings that npm hands to scripts, and the one that leaves the development packages out; caches and registries stay. */
function isInherited(key) {
  if (key === 'node_env') return true;
  return key.startsWith('npm_') && !['npm_config_cache', 'npm_config_registry', 'npm_config_cafile'].includes(key);
}

if (staleReason() !== undefined) {
  // Two set-ups at once would destroy each other's work: the second waits.
  await withFolderLock(
    path.join(root, '.setup-lock'),
    () => {
      const reason = staleReason(); // the other set-up may have done it meanwhile
      if (reason !== undefined) install(reason);
    },
    () => console.log('setup: waiting for another set-up to finish'),
  ).catch((error) => {
    if (error.code === undefined) throw error;
    fail(`cannot write to ${root} (${error.code}).`);
  });
}
