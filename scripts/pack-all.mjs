// Packs every publishable package, and the examples, into packed/: `npm run pack:all`. Builds first, so that what is packed is
// what the sources say. Prints the tarballs, and as last line one line of JSON. The checks of the packages, the tests that install
// them and the release share this one set; nx makes it again when something in it has changed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withFolderLock } from './folder-lock.mjs';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'packed');
const listFile = join(target, 'packed.json');
const lock = join(root, '.nx', 'pack-lock');

/**
 * A packed package.
 *
 * @typedef {object} PackedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} folder - where its sources are
 * @property {string} file - the tarball
 * @property {number} sizeBytes
 * @property {readonly string[]} files - paths of the files in it
 * @property {boolean} isPublished - false for examples
 */

/** npm's own program if it can be found, so that no shell is needed. */
export function npmCommand() {
  const file = process.env.npm_execpath;
  if (file !== undefined && /npm-cli\.[cm]?js$/.test(file)) return { command: process.execPath, leading: [file], shell: false };
  return process.platform === 'win32' ? { command: 'npm.cmd', leading: [], shell: true } : { command: 'npm', leading: [], shell: false };
}

/**
 * Run npm.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export async function npm(args, cwd, env = process.env) {
  const { command, leading, shell } = npmCommand();
  return run(command, shell ? args.map((arg) => `"${arg}"`) : [...leading, ...args], { cwd, env, shell, maxBuffer: 64 * 1024 * 1024 });
}

/** Folders of the packages below `packages`, `tools` or `examples`. */
export async function packageFolders(parent) {
  const names = await readdir(join(root, parent));
  // A folder without package.json is what is left of a package that moved: only ignored files.
  return names.map((name) => join(root, parent, name)).filter((folder) => existsSync(join(folder, 'package.json')));
}

/** Folders of the packages that are published. */
export async function publishedFolders() {
  const published = [];
  for (const folder of await packageFolders('packages')) {
    const { private: isPrivate } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (!isPrivate) published.push(folder);
  }
  return published;
}

/** Run a script of the repository or of all packages that have it; nx skips what has not changed. Its output is shown when it fails. */
export async function runTarget(name) {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  await run(process.execPath, [nx, 'run-many', '-t', name], { cwd: root, maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
    throw new Error(`${name} failed:\n${error.stdout}\n${error.stderr}`);
  });
}

/** Build every package that has changed since it was built. Can be asked for in several processes. */
export async function buildPackages() {
  await withFolderLock(lock, () => makeOnce('build'));
}

/**
 * Run a target unless nothing has changed since it was last made here. nx copies what it has in its cache once more whenever it is asked,
 * under the feet of those who use it.
 */
async function makeOnce(target) {
  if (await isMade(target)) return;
  await runTarget(target);
  await writeFile(stateFile(target), await stateOfPackages(target));
}

/** True when what is built is what the sources say. */
export function isBuilt() {
  return isMade('build');
}

/** True when nothing has changed since a target was last made here. */
async function isMade(target) {
  return (await readFile(stateFile(target), 'utf8').catch(() => '')) === (await stateOfPackages(target)); // no file: never made
}

const stateFile = (target) => join(root, '.nx', `${target.replace(':', '-')}-state`);

/** Changes when a file does that packages are built from, or what is built or packed of one. */
async function stateOfPackages(target) {
  const hash = createHash('sha256');
  const look = async (path) => {
    const found = await stat(path).catch(() => undefined); // not there is a state, too
    hash.update(`${path} ${found?.mtimeMs} ${found?.size}\n`);
  };
  for (const parent of ['packages', 'tools', 'examples']) {
    for (const entry of (await readdir(join(root, parent), { recursive: true, withFileTypes: true })).sort(byPath)) {
      const path = join(entry.parentPath, entry.name);
      const isOutput = /[\\/](node_modules|dist)([\\/]|$)/.test(path);
      if (entry.isFile() && (!isOutput || /[\\/]dist[\\/]index\.js$/.test(path))) await look(path);
    }
  }
  const others = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'tsup.config.ts', 'scripts/pack-all.mjs'];
  if (target !== 'build') others.push('packed/packed.json');
  for (const name of others) await look(join(root, name));
  return hash.digest('hex');
}

const byPath = (a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1);

/**
 * The packages as they are packed now; built and packed first when something has changed. Can be asked for in several processes.
 *
 * @returns {Promise<readonly PackedPackage[]>}
 */
export async function packedPackages() {
  await withFolderLock(lock, () => makeOnce('pack:all'));
  const list = JSON.parse(await readFile(listFile, 'utf8'));
  return list.map((entry) => ({ ...entry, folder: join(root, entry.folder), file: join(target, entry.file) }));
}

async function packAll() {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await makeOnce('build'); // whoever asked for the packages has the lock
  const published = await publishedFolders();
  const folders = [...published, ...(await packageFolders('examples'))];
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', target, ...folders], root);
  const packed = JSON.parse(stdout).map(({ name, version, filename, size, files }, index) => ({
    name,
    version,
    folder: relative(root, folders[index]),
    file: filename,
    sizeBytes: size,
    files: files.map(({ path }) => path),
    isPublished: published.includes(folders[index]),
  }));
  await writeFile(listFile, `${JSON.stringify(packed, null, 2)}\n`);
  return packed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packed = await packAll();
  for (const { name, version, sizeBytes, files, file } of packed) {
    console.log(
      `${`${name}@${version}`.padEnd(30)} ${(sizeBytes / 1024).toFixed(0).padStart(6)} kB ${String(files.length).padStart(4)} files  ${file}`,
    );
  }
  console.log(`Install them in a project from ${target}, all in one command: npm install ${join(target, 'nnm-*.tgz')}`);
  console.log(JSON.stringify({ packages: packed.length, sizeBytes: packed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }));
}
