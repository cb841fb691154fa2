// Packs every publishable package into one folder: `node scripts/pack-all.mjs [folder]` (default: packed/).
// Builds first, so that what is packed is what the sources say. Prints the tarballs, and as last line one line of JSON.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** npm's own program if it can be found, so that no shell is needed. */
export function npmCommand() {
  const file = process.env.npm_execpath;
  if (file !== undefined && /npm-cli\.[cm]?js$/.test(file)) return { command: process.execPath, leading: [file], shell: false };
  return process.platform === 'win32' ? { command: 'npm.cmd', leading: [], shell: true } : { command: 'npm', leading: [], shell: false };
}

/** @returns {Promise<{ stdout: string, stderr: string }>} */
export async function npm(args, cwd, env = process.env) {
  const { command, leading, shell } = npmCommand();
  return run(command, shell ? args.map((arg) => `"${arg}"`) : [...leading, ...args], { cwd, env, shell, maxBuffer: 64 * 1024 * 1024 });
}

/** Folders of the packages that are published, sorted. */
export async function publishedFolders() {
  const folders = await readdir(join(root, 'packages'), { withFileTypes: true });
  const all = await Promise.all(
    folders
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const folder = join(root, 'packages', name);
        const { private: isPrivate } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
        return isPrivate ? [] : [folder];
      }),
  );
  return all.flat().sort();
}

/** Build all packages. */
export function buildAll() {
  return runTarget('build');
}

/** Run a script in all packages that have it (nx skips what has not changed); its output is shown when it fails. */
export async function runTarget(name) {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  await run(process.execPath, [nx, 'run-many', '-t', name], { cwd: root, maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
    throw new Error(`${name} failed:\n${error.stdout}\n${error.stderr}`);
  });
}

/**
 * Pack packages into `target`.
 *
 * @param {readonly string[]} folders
 * @param {string} target
 * @returns {Promise<readonly { name: string, version: string, file: string, sizeBytes: number, files: readonly string[] }[]>}
 */
export async function packFolders(folders, target) {
  await mkdir(target, { recursive: true });
  const packed = [];
  for (const folder of folders) {
    const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', target], folder);
    const [{ name, version, filename, size, files }] = JSON.parse(stdout);
    packed.push({ name, version, file: join(target, filename), sizeBytes: size, files: files.map(({ path }) => path) });
  }
  return packed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = resolve(process.argv[2] ?? join(root, 'packed'));
  await rm(target, { recursive: true, force: true });
  await buildAll();
  const packed = await packFolders(await publishedFolders(), target);
  for (const { name, version, sizeBytes, files, file } of packed) {
    console.log(
      `${`${name}@${version}`.padEnd(30)} ${(sizeBytes / 1024).toFixed(0).padStart(6)} kB ${String(files.length).padStart(4)} files  ${file}`,
    );
  }
  console.log(`Install them all in a project with: npm install ${join(target, '*.tgz')}`);
  console.log(JSON.stringify({ packages: packed.length, sizeBytes: packed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }));
}
