import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The keyword in a package.json by which nnm knows a plugin. */
export const PLUGIN_KEYWORD = 'nnm-plugin';

interface PackageJson {
  readonly keywords?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The installed direct dependencies of the nearest package.json upwards that carry the keyword `nnm-plugin`, sorted by name.
 * Dependencies of dependencies are never looked at.
 */
export async function findDependencyPlugins(cwd: string): Promise<{ file: string; names: readonly string[] }> {
  const project = await findUpwards(cwd, 'package.json');
  if (project === undefined) return { file: join(cwd, 'package.json'), names: [] };
  const { dependencies, devDependencies, optionalDependencies } = project.json;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).sort();
  const marked = await Promise.all(
    names.map(async (name) => isPlugin((await findUpwards(dirname(project.file), join('node_modules', name, 'package.json')))?.json)),
  );
  return { file: project.file, names: names.filter((_, index) => marked[index]) };
}

function isPlugin(json: PackageJson | undefined): boolean {
  return Array.isArray(json?.keywords) && json.keywords.includes(PLUGIN_KEYWORD);
}

async function findUpwards(folder: string, name: string): Promise<{ file: string; json: PackageJson } | undefined> {
  const file = join(folder, name);
  const json = await readJson(file);
  if (json !== undefined) return { file, json };
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpwards(parent, name);
}

/** A missing or unreadable package.json is npm's business to report: here it only means "no plugin". */
async function readJson(file: string): Promise<PackageJson | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
