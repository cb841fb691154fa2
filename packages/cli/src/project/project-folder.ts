import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonFile, writeJsonFile } from '@nnm/builder';

/** The parts of a package.json that matter here. */
export interface ProjectJson {
  readonly name?: string;
  readonly version?: string;
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** Present in packages that add commands to oclif programs. */
  readonly oclif?: { readonly commands?: unknown };
}

/** The folder of the nearest package.json upwards; the start folder itself when there is none. */
export function findProjectFolder(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return start;
    folder = parent;
  }
  return folder;
}

/** @throws core's `InvalidFileError` when it is not JSON; `{}` when it does not exist */
export async function readProjectJson(folder: string): Promise<ProjectJson> {
  const file = join(folder, 'package.json');
  return existsSync(file) ? ((await readJsonFile(file)) as ProjectJson) : {};
}

/** Give a folder a private package.json unless it has one, so that npm installs there and not in a folder above. */
export async function ensureProject(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'package.json'))) await writeJsonFile(join(folder, 'package.json'), { private: true });
}

/** Versions of a project's direct dependencies, by name. */
export function directDependencies({ dependencies, devDependencies }: ProjectJson): Readonly<Record<string, string>> {
  return { ...devDependencies, ...dependencies };
}
