import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORE_VERSION, NnmError } from '@nnm/core';
import { moduleResolve } from 'import-meta-resolve';
import semver from 'semver';
import { z } from 'zod';
import { parseJsonText } from '../input/parse-json.ts';

/** A plugin is made for another @nnm/core than the one this program runs on. */
export class CoreVersionError extends NnmError {
  constructor(details: { plugin: string; uses: string; own: string }) {
    super({
      code: 'ERR_CORE_VERSION',
      message: `The plugin "${details.plugin}" uses @nnm/core ${details.uses}; nnm itself runs on @nnm/core ${details.own}.`,
      hint: 'Update the older side. A plugin says by a range among its peerDependencies which versions of @nnm/core it works with, and never lists @nnm/core among its dependencies.',
      details,
    });
  }
}

const packageSchema = z.object({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  peerDependencies: z.record(z.string(), z.string()).optional().catch(undefined),
});

/**
 * Refuse a plugin that does not work with this program's core: its peer range leaves this core out, or, when it has none, the core it finds
 * is a copy of another version that this one cannot stand in for. (Whether it speaks this core's plugin API is asked after its import.) A
 * plugin that neither says nor finds anything is left alone: it may not need core, and if it does its import says so.
 *
 * @param plugin - how to name it in the error
 * @param moduleUrl - the plugin's module
 * @throws {@link CoreVersionError}
 */
export async function assertSuitableCore(plugin: string, moduleUrl: string, own: string = CORE_VERSION): Promise<void> {
  const range = await peerRange(dirname(fileURLToPath(moduleUrl)));
  if (range !== undefined) {
    if (semver.satisfies(own, range, { includePrerelease: true })) return;
    throw new CoreVersionError({ plugin, uses: `${range} (its peer range)`, own });
  }
  const copy = findCore(moduleUrl);
  if (copy === undefined) return;
  const version = (await readPackage(copy))?.version;
  if (version === undefined || semver.valid(version) === null || semver.satisfies(version, `^${own}`, { includePrerelease: true })) return;
  throw new CoreVersionError({ plugin, uses: `${version} (${dirname(copy)})`, own });
}

/** What the package that a folder belongs to says of @nnm/core among its peers; undefined when that is no range of versions. */
async function peerRange(folder: string): Promise<string | undefined> {
  const json = await readPackage(join(folder, 'package.json'));
  const parent = dirname(folder);
  // A package.json without a name only says how its folder is to be read
  if (json?.name === undefined && json?.peerDependencies === undefined) return parent === folder ? undefined : peerRange(parent);
  const range = json.peerDependencies?.['@nnm/core'];
  return range !== undefined && semver.validRange(range) !== null ? range : undefined;
}

async function readPackage(file: string): Promise<z.infer<typeof packageSchema> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined); // what cannot be read says nothing of core
  return text === undefined ? undefined : packageSchema.safeParse(parseJsonText(text)).data;
}

function findCore(moduleUrl: string): string | undefined {
  try {
    return fileURLToPath(moduleResolve('@nnm/core/package.json', new URL(moduleUrl), new Set(['node', 'import'])));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}
