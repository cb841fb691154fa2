import { fileURLToPath } from 'node:url';
import { assertPlugin, type Plugin } from '@nnm/core';
import { renderError } from '../output/describe-error.ts';
import { paintFor } from '../output/paint.ts';
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
  const failure = (cause: unknown): PluginImportError => new PluginImportError({ specifier, origin, file: fileURLToPath(url) }, { cause });
  const module = await reportingExit(importModule(url), failure).catch((cause: unknown) => {
    throw failure(cause);
  });
  const plugin = defaultExport(module);
  assertPlugin(plugin, `"${specifier}" (${describeOrigin(origin)})`);
  return plugin;
}

/** A module that calls `process.exit` while it is imported would end the program without a word, and as if all were well. */
async function reportingExit<T>(work: Promise<T>, failure: (cause: unknown) => Error): Promise<T> {
  const report = (): void => {
    process.stderr.write(
      `${renderError(failure(new Error('it, or what it imports, ended the program')), false, paintFor(process.stderr))}\n`,
    );
    process.exitCode = 1;
  };
  process.once('exit', report);
  try {
    return await work;
  } finally {
    process.off('exit', report);
  }
}
