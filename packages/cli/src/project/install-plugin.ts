import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '@nnm/core';
import { PluginNotFoundError } from '../plugins/errors.ts';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { PluginOrigin } from '../plugins/origin.ts';
import { assertPackageSpecifier } from './package-specifier.ts';
import { directDependencies, ensureProject, readProjectJson } from './project-folder.ts';
import { runNpm } from './run-npm.ts';

/** A package that npm has installed in a project. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string | undefined;
  /** False when it was a dependency of the project before. */
  readonly isNew: boolean;
}

/**
 * Install a package in a project: a name, a folder or a tarball, as npm understands it.
 *
 * @param specifier - relative paths are relative to `cwd`, wherever the project's package.json is
 * @throws {@link NpmError}, {@link PluginNotFoundError} when a path leads nowhere
 */
export async function installPackage(specifier: string, project: string, cwd: string): Promise<InstalledPackage> {
  assertPackageSpecifier(specifier);
  const path = resolve(cwd, specifier);
  const isPath = /^([./\\]|[a-zA-Z]:[\\/]|file:)/.test(specifier) || /\.(tgz|tar\.gz)$/.test(specifier);
  if (isPath && !specifier.startsWith('file:') && !existsSync(path)) {
    const origin: PluginOrigin = { kind: 'config', file: join(project, 'package.json') };
    throw new PluginNotFoundError({ specifier: path, origin, folder: cwd, reason: 'no such file or folder' });
  }
  await ensureProject(project);
  if (isPath && statSync(path, { throwIfNoEntry: false })?.isDirectory()) await copyFolders(project, path);
  const before = directDependencies(await readProjectJson(project));
  await runNpm(['install', '--save', '--', isPath && !specifier.startsWith('file:') ? path : specifier], project);
  const after = directDependencies(await readProjectJson(project));
  const name = await installedName(specifier, isPath ? path : undefined, before, after);
  const { version } = await readProjectJson(join(project, 'node_modules', name));
  return { name, version, isNew: !(name in before) };
}

/**
 * Have npm install a folder as it would be published. It would link it otherwise, and then take the folder's devDependencies
 * out of it at the next installation in the project, and not find the project's core from a folder that lies elsewhere.
 * The setting stays, because every later `npm install` would turn the copy into a link again.
 */
async function copyFolders(project: string, path: string): Promise<void> {
  await runNpm(['config', 'set', 'install-links=true', '--location=project'], project);
  const { name } = await readProjectJson(path);
  // npm takes a copy of the same version for current, whatever the folder holds by now.
  if (name !== undefined) await rm(join(project, 'node_modules', name), { recursive: true, force: true });
}

/** Which dependency an installation was about: the new or changed one, or the one of that name or path. */
async function installedName(
  specifier: string,
  path: string | undefined,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Promise<string> {
  const changed = Object.keys(after).find((name) => after[name] !== before[name]);
  if (changed !== undefined) return changed;
  if (path === undefined) return specifier.replace(/(?<=.)@.*$/, '');
  const own = existsSync(join(path, 'package.json')) ? (await readProjectJson(path)).name : undefined;
  const same = Object.keys(after).find((name) => pathToFileURL(after[name] as string).href.endsWith(path.split(/[\\/]/).at(-1) as string));
  return own ?? same ?? specifier;
}

/** Take a package out of a project again. */
export async function uninstallPackage(name: string, project: string): Promise<void> {
  assertPackageSpecifier(name);
  await runNpm(['uninstall', '--save', '--', name], project);
}

/** Load the plugin that an installed package is; errors as of `loadPlugin`. */
export function loadInstalled(name: string, project: string): Promise<Plugin> {
  const { fromFile, origin } = installedFrom(project);
  return loadPlugin(name, fromFile, origin);
}

/** From where the dependencies of a project are found. */
export function installedFrom(project: string): { readonly fromFile: string; readonly origin: PluginOrigin } {
  const file = join(project, 'package.json');
  return { fromFile: file, origin: { kind: 'dependency', file } };
}
