import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AnyBackend, DeviceUnavailableError } from '@nnm/core';
import { type BoardPlatform, isForBoard, namesBoard } from './board-platform.ts';
import { withFetchedPackage } from './fetch-package.ts';
import { packPackage } from './package-files.ts';
import { findPackage, type PackageFolder, packageOf } from './package-folder.ts';
import { type PackedFile, packFile } from './packed-file.ts';

/** A backend as files of an agent. */
export interface PackedBackend {
  readonly files: readonly PackedFile[];
  /** Its runtime's module below the agent's folder, with `/`. */
  readonly runtime: string;
}

/**
 * A backend with its runtime and all that it depends on, for one platform: a tree of `node_modules` in which they find each other.
 *
 * Installed packages are taken as they are. Where nnm runs from sources, those are bundled. A package that npm installs on the board's
 * platform only is downloaded.
 *
 * @param device - the device's address, for messages
 * @throws {@link DeviceUnavailableError} when something of it cannot be had
 */
export async function packBackend(backend: AnyBackend, board: BoardPlatform, device: string): Promise<PackedBackend> {
  const module = fileURLToPath(backend.runtime as URL);
  const own = await packageOf(module);
  if (own === undefined) {
    throw new DeviceUnavailableError({
      device,
      reason: `the runtime of ${backend.id} (${module}) belongs to no package, so that nobody knows what goes with it`,
      hint: 'Give the backend a package.json with a name, its version, and its dependencies.',
    });
  }
  const packer = new TreePacker(backend, board, device);
  const isSource = /\.[cm]?tsx?$/.test(module);
  const runtime = isSource ? await packer.addSources(own, module) : await packer.addBuilt(own, module);
  return { files: [...packer.files.values()], runtime };
}

/** Lays packages out as npm would: one version of each at the top, others below who needs them. */
class TreePacker {
  readonly files = new Map<string, PackedFile>();
  /** Version by folder of the tree. */
  private readonly placed = new Map<string, string>();

  constructor(
    private readonly backend: AnyBackend,
    private readonly board: BoardPlatform,
    private readonly device: string,
  ) {}

  async addBuilt(own: PackageFolder, module: string): Promise<string> {
    const place = `node_modules/${own.manifest.name}`;
    this.placed.set(place, own.manifest.version);
    this.keep(await packPackage(own, place, this.board));
    await this.addDependencies(own, place, this.backend.runtimePeers ?? []);
    return `${place}/${path.relative(own.folder, module).split(path.sep).join('/')}`;
  }

  async addSources(own: PackageFolder, module: string): Promise<string> {
    const place = `node_modules/${own.manifest.name}`;
    this.placed.set(place, own.manifest.version);
    this.keep(await packPackage(own, place, this.board, ['dist', 'src']));
    const runtime = `${place}/dist/${path.basename(module).replace(/\.[cm]?tsx?$/, '.js')}`;
    this.keep([packFile(runtime, Buffer.from(await this.bundle(module)))]);
    await this.addDependencies(own, place, this.backend.runtimePeers ?? []);
    return runtime;
  }

  private async bundle(module: string): Promise<string> {
    try {
      const { bundleForNode } = await import('../bundle.ts');
      return await bundleForNode(module, 'beside');
    } catch (cause) {
      const reason = `the runtime of ${this.backend.id} (${module}) is TypeScript, which cannot be bundled here (${firstLine(cause)})`;
      throw new DeviceUnavailableError({ device: this.device, reason, hint: 'Build the package of the backend first.' }, { cause });
    }
  }

  private async addDependencies({ folder, manifest }: PackageFolder, place: string, peers: readonly string[]): Promise<void> {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    const neededPeers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional || peers.includes(name));
    for (const name of new Set([...Object.keys(dependencies), ...neededPeers])) {
      if (name in optionalDependencies) continue;
      const found = await findPackage(name, folder);
      if (found === undefined) throw this.missing(name, manifest.name);
      await this.add(found, place);
    }
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const found = await findPackage(name, folder);
      if (found !== undefined) {
        if (isForBoard(found.manifest, this.board)) await this.add(found, place);
      } else if (namesBoard(name, this.board)) {
        await withFetchedPackage(this.device, name, version, (fetched) => this.add(fetched, place));
      }
    }
  }

  /** @param needer - folder in the tree of the package that needs it */
  private async add(found: PackageFolder, needer: string): Promise<void> {
    const { name, version } = found.manifest;
    if (!found.isInstalled && name.startsWith('@nnm/') && import.meta.url.endsWith('.ts')) {
      // Its sources are bundled into whoever imports it.
      if (this.placed.has(`sources of ${name}`)) return;
      this.placed.set(`sources of ${name}`, version);
      await this.addDependencies(found, needer, []);
      return;
    }
    const top = `node_modules/${name}`;
    const place = this.placed.get(top) === undefined || this.placed.get(top) === version ? top : `${needer}/node_modules/${name}`;
    if (this.placed.get(place) === version) return;
    this.placed.set(place, version);
    this.keep(await packPackage(found, place, this.board));
    await this.addDependencies(found, place, []);
  }

  private keep(files: readonly PackedFile[]): void {
    for (const file of files) this.files.set(file.path, file);
  }

  private missing(name: string, needer: string): DeviceUnavailableError {
    return new DeviceUnavailableError({
      device: this.device,
      reason: `${this.backend.id} needs the package ${name} there, which is not installed here`,
      hint: `Run \`npm install --ignore-scripts ${name}\` in your project, or where ${needer} is installed.`,
    });
  }
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.replace(/\.$/, '');
}
