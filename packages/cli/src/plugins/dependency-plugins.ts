import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseJsonText } from '../input/parse-json.ts';
import { findProjectRoot } from './project-root.ts';

/** The keyword in a package.json by which nnm knows a plugin. */
export const PLUGIN_KEYWORD = 'nnm-plugin';

const versions = z.record(z.string(), z.unknown()).optional().catch(undefined);
const packageSchema = z.object({
  keywords: z.array(z.unknown()).optional().catch(undefined),
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
});
type PackageJson = z.infer<typeof packageSchema>;

/**
 * The installed direct dependencies of the nearest package.json upwards within the project that carry the keyword `nnm-plugin`, sorted by name.
 * Dependencies of dependencies are never looked at.
 */
export async function findDependencyPlugins(cwd: string): Promise<{ file: string; names: readonly string[] }> {
  const project = await findUpwards(cwd, 'package.json', findProjectRoot(cwd));
  if (project === undefined) return { file: join(cwd, 'package.json'), names: [] };
  const { dependencies, devDependencies, optionalDependencies } = project.json;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).sort();
  const marked = await Promise.all(
    names.map(async (name) => isPlugin((await findUpwards(dirname(project.file), join('node_modules', name, 'package.json')))?.json)),
  );
  return { file: project.file, names: names.filter((_, index) => marked[index]) };
}

function isPlugin(json: PackageJson | undefined): boolean {
  return json?.keywords?.includes(PLUGIN_KEYWORD) ?? false;
}

async function findUpwards(folder: string, name: string, last?: string): Promise<{ file: string; json: PackageJson } | undefined> {
  const file = join(folder, name);
  const json = await readJson(file);
  if (json !== undefined) return { file, json };
  const parent = dirname(folder);
  return parent === folder || folder === last ? undefined : findUpwards(parent, name, last);
}

/** A missing or unreadable package.json is npm's business to report: here it only means "no plugin". */
async function readJson(file: string): Promise<PackageJson | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : packageSchema.safeParse(parseJsonText(text)).data;
}
