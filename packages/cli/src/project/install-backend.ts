import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CORE_VERSION } from '@nnm/core';
import { type InstalledPackage, installPackage } from './install-plugin.ts';
import { findProjectFolder } from './project-folder.ts';
import { userPackagesFolder } from './user-packages-folder.ts';

/** Where a package of nnm's own is installed from a folder: in the project it belongs to, or for the user where there is none. */
export function installationFolder(cwd: string): string {
  const project = findProjectFolder(cwd);
  return existsSync(join(project, 'package.json')) ? project : userPackagesFolder();
}

/** Install a package of nnm's own, with a backend or a device, of the release that this program belongs to. Install scripts are not run. */
export function installOwn(name: string, folder: string): Promise<InstalledPackage> {
  return installInto(folder, `${name}@^${CORE_VERSION}`, folder);
}

/** Install what a backend's runtime comes in, beside the backend's package. Install scripts are not run. */
export function installRuntime(specifier: string, folder: string): Promise<InstalledPackage> {
  return installInto(folder, specifier, folder);
}

/** Install a package for the user, beyond any project. Install scripts are not run. */
export function installForUser(specifier: string, cwd: string): Promise<InstalledPackage> {
  return installInto(userPackagesFolder(), specifier, cwd);
}

async function installInto(folder: string, specifier: string, cwd: string): Promise<InstalledPackage> {
  await mkdir(folder, { recursive: true });
  return installPackage(specifier, folder, cwd);
}
