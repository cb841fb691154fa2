import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The parts of a package.json that say what goes with a package. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly files?: readonly string[];
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package as it lies on this machine. */
export interface PackageFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  /** False for a folder of sources that is only linked into `node_modules`. */
  readonly isInstalled: boolean;
}

/** The package that a file belongs to; undefined when it belongs to none. */
export async function packageOf(file: string): Promise<PackageFolder | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = await readManifest(folder);
    if (manifest?.name !== undefined) return { folder, manifest, isInstalled: isInstalled(folder) };
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** A package as another one finds it; undefined when it is not installed. */
export async function findPackage(name: string, from: string): Promise<PackageFolder | undefined> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', ...name.split('/'));
    if (existsSync(path.join(candidate, 'package.json'))) {
      const real = realpathSync(candidate);
      const manifest = await readManifest(real);
      if (manifest !== undefined) return { folder: real, manifest, isInstalled: isInstalled(real) };
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Manifest) : undefined;
}

function isInstalled(folder: string): boolean {
  return folder.split(path.sep).includes('node_modules');
}
