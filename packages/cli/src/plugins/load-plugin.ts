import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from '@nnm/core';
import { assertSuitableCore } from './core-version.ts';
import { PluginImportError } from './errors.ts';
import { examinePlugin } from './examine-plugin.ts';
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
  await assertSuitableCore(specifier, url);
  const file = fileURLToPath(url);
  const module = await importModule(url).catch((cause: unknown) => {
    throw new PluginImportError({ specifier, origin, file }, { cause });
  });
  return withLayers(examinePlugin(readDefault(module), `"${specifier}" (${describeOrigin(origin)})`));
}

/** A plugin of somebody else's, whose blocks may be written with layers of TensorFlow.js. */
export async function withLayers(plugin: Plugin): Promise<Plugin> {
  if ((plugin.kernels ?? []).length === 0) return plugin;
  const { acceptLayers } = await import('@nnm/model/layers');
  return acceptLayers(plugin);
}

/** The folder in which a plugin's code lies: that of the package it is installed as, or else of its module. */
export async function locatePlugin(specifier: string, fromFile: string, origin: PluginOrigin): Promise<string> {
  return packageFolder(fileURLToPath(await resolvePlugin(specifier, fromFile, origin)));
}

/**
 * The folder of the package that a module is installed in, or else the module's own.
 *
 * @param flavour - whose paths these are; default: this system's
 */
export function packageFolder(file: string, flavour: path.PlatformPath = path): string {
  const parts = file.split(flavour.sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return flavour.dirname(file);
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join(flavour.sep);
}

/** A CommonJS module may give anything, also what throws when it is touched; `examinePlugin` says so. */
function readDefault(module: Record<string, unknown>): unknown {
  try {
    return defaultExport(module);
  } catch {
    return module.default;
  }
}
