import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import { isPathSpecifier, PluginNotFoundError } from './errors.ts';
import type { PluginOrigin } from './origin.ts';

/**
 * Find the module of a plugin as if it were imported by the file that names it.
 *
 * @param specifier - package name, path of a module or of a package folder (relative to `fromFile`), or `file:` URL
 * @param fromFile - absolute path of the file that names the plugin
 * @returns a `file:` URL
 * @throws {@link PluginNotFoundError}
 */
export async function resolvePlugin(specifier: string, fromFile: string, origin: PluginOrigin): Promise<string> {
  const folder = dirname(fromFile);
  try {
    if (!isPathSpecifier(specifier)) return resolveFrom(specifier, fromFile);
    const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : isAbsolute(specifier) ? specifier : resolve(folder, specifier);
    return (await stat(path)).isDirectory() ? await resolvePackageFolder(path) : pathToFileURL(path).href;
  } catch (cause) {
    throw new PluginNotFoundError({ specifier, origin, folder, reason: describeReason(cause) }, { cause });
  }
}

/** The entry of a package in a folder: its own `exports`, `main` or `index.js`. */
async function resolvePackageFolder(folder: string): Promise<string> {
  const file = join(folder, 'package.json');
  const { name, exports, main } = JSON.parse(await readFile(file, 'utf8')) as { name?: string; exports?: unknown; main?: string };
  if (name !== undefined && exports !== undefined) return resolveFrom(name, file);
  const entry = join(folder, main ?? 'index.js');
  await stat(entry);
  return pathToFileURL(entry).href;
}

function resolveFrom(specifier: string, file: string): string {
  return moduleResolve(specifier, pathToFileURL(file), conditions()).href;
}

/** True when a package that exports its package.json lies where a module would import it from. */
export function isInstalled(name: string, fromUrl: string): boolean {
  try {
    moduleResolve(`${name}/package.json`, new URL(fromUrl), conditions());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return false;
    throw error;
  }
}

/** Node's own conditions and those this process was started with (`--conditions`, `-C`). */
function conditions(): Set<string> {
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const own = options.flatMap((option, index) => {
    if (option === '-C' || option === '--conditions') return options[index + 1] ?? [];
    return option.startsWith('--conditions=') ? option.slice('--conditions='.length) : [];
  });
  return new Set(['node', 'import', ...own]);
}

function describeReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder';
  return message
    .split('\n', 1)[0]!
    .replace(/\.$/, '')
    .replace(/ imported from .*$/, '');
}
