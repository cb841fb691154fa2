import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTextFile } from '@nnm/builder';
import { parseJsonText } from '../input/parse-json.ts';
import { findDependencyPlugins } from '../plugins/dependency-plugins.ts';
import { CONFIG_FILES } from '../plugins/nnm-config.ts';
import { findProjectRoot } from '../plugins/project-root.ts';

/** A folder whose code nnm would run, and what that is. */
export interface FolderWithCode {
  readonly folder: string;
  readonly code: readonly string[];
}

/** What nnm would run in a folder because of files there: the nnm config that applies, and plugins among the dependencies. Runs nothing. */
export async function findCode(cwd: string): Promise<readonly FolderWithCode[]> {
  const config = await findConfigFile(cwd, findProjectRoot(cwd));
  const { file, names } = await findDependencyPlugins(cwd);
  const found = new Map<string, string[]>();
  const add = (folder: string, code: string): void => void found.set(folder, [...(found.get(folder) ?? []), code]);
  if (config !== undefined) add(dirname(config), config);
  for (const name of names) add(dirname(file), `the dependency ${name}`);
  return [...found].map(([folder, code]) => ({ folder, code }));
}

async function findConfigFile(folder: string, root: string | undefined): Promise<string | undefined> {
  for (const name of CONFIG_FILES) {
    const file = join(folder, name);
    if (existsSync(file) && (name !== 'package.json' || (await hasConfig(file)))) return file;
  }
  const parent = dirname(folder);
  return folder === root || parent === folder ? undefined : findConfigFile(parent, root);
}

async function hasConfig(packageJson: string): Promise<boolean> {
  const json = parseJsonText(await readTextFile(packageJson));
  return typeof json === 'object' && json !== null && 'nnm' in json;
}
