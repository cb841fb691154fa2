// Installs what package-lock.json asks for, if it is not installed already. No dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockFolder = path.join(root, '.setup-lock');
const STALE_LOCK_MS = 15 * 60_000;

/** Why an install is needed, or undefined. */
function staleReason() {
  const wanted = readLock('package-lock.json');
  const installed = readLock(path.join('node_modules', '.package-lock.json'));
  if (wanted === undefined) return 'there is no package-lock.json';
  if (installed === undefined) return 'nothing is installed yet';
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '' || entry.link || !place.includes('node_modules/')) continue;
    const found = installed[place];
    if (found === undefined && entry.optional) continue; // another platform's
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return `${place} is not the locked version`;
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

/** Two set-ups at once would destroy each other's work: the second waits. */
async function withLock(work) {
  for (let waited = 0; ; waited += 500) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = existsSync(lockFolder) ? Date.now() - statSync(lockFolder).mtimeMs : 0;
      if (age > STALE_LOCK_MS) rmSync(lockFolder, { recursive: true, force: true });
      else if (waited === 0) console.log('setup: waiting for another set-up to finish');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  const release = () => rmSync(lockFolder, { recursive: true, force: true });
  process.once('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  work();
}

function install(reason) {
  console.log(`setup: installing, because ${reason}`);
  // Settings of the npm that called this script would override the repository's .npmrc.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith('npm_') || key === 'npm_execpath'),
  );
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, env, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error('setup: npm could not install the packages of package-lock.json; see its message above.');
    process.exit(result.status ?? 1);
  }
}

if (staleReason() !== undefined) {
  await withLock(() => {
    const reason = staleReason(); // the other set-up may have done it meanwhile
    if (reason !== undefined) install(reason);
  });
}
