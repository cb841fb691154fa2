import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CORE_VERSION, NnmError } from '@nnm/core';
import { moduleResolve } from 'import-meta-resolve';

/** A plugin brings another version of @nnm/core than the one this program runs on. */
export class CoreVersionError extends NnmError {
  constructor(details: { plugin: string; version: string; folder: string; own: string }) {
    super({
      code: 'ERR_CORE_VERSION',
      message: `The plugin "${details.plugin}" uses @nnm/core ${details.version} (${details.folder}); nnm itself runs on @nnm/core ${details.own}.`,
      hint: `Two versions of core in one tree do not work together. Update the older side or run \`npm dedupe\`; a plugin lists @nnm/core among its peerDependencies and never among its dependencies.`,
      details,
    });
  }
}

/**
 * Refuse a plugin that would run on another version of core. A plugin that finds no core at all is left alone: it may not
 * need one, and if it does its import says so.
 *
 * @param plugin - how to name it in the error
 * @param moduleUrl - the plugin's module
 * @throws {@link CoreVersionError}
 */
export async function assertOwnCore(plugin: string, moduleUrl: string): Promise<void> {
  const file = findCore(moduleUrl);
  if (file === undefined) return;
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version?: string };
  if (version === undefined || version === CORE_VERSION) return;
  throw new CoreVersionError({ plugin, version, folder: fileURLToPath(new URL('.', file)), own: CORE_VERSION });
}

function findCore(moduleUrl: string): URL | undefined {
  try {
    return moduleResolve('@nnm/core/package.json', new URL(moduleUrl), new Set(['node', 'import']));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}
