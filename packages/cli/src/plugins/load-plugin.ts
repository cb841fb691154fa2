import { fileURLToPath } from 'node:url';
import { assertPlugin, type Plugin } from '@nnm/core';
import { assertOwnCore } from './core-version.ts';
import { PluginImportError } from './errors.ts';
import { defaultExport, importModule } from './import-module.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';
import { resolvePlugin } from './resolve-plugin.ts';

/**
 * Resolve, import and check one plugin.
 *
 * @param specifier - package name or path, see {@link resolvePlugin}
 * @param fromFile - absolute path of the file that names it
 * @throws {@link PluginNotFoundError}, {@link PluginImportError}, {@link CoreVersionError}, and core's `InvalidPluginError` and `PluginApiVersionError`
 */
export async function loadPlugin(specifier: string, fromFile: string, origin: PluginOrigin): Promise<Plugin> {
  const url = await resolvePlugin(specifier, fromFile, origin);
  await assertOwnCore(specifier, url);
  const module = await importModule(url).catch((cause: unknown) => {
    throw new PluginImportError({ specifier, origin, file: fileURLToPath(url) }, { cause });
  });
  const plugin = defaultExport(module);
  assertPlugin(plugin, `"${specifier}" (${describeOrigin(origin)})`);
  return plugin;
}
