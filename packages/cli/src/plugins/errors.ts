import { CORE_VERSION, NnmError } from '@nnm/core';
import { showThrown } from '../output/show-value.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';

/** A plugin that is named somewhere is not installed, or its path leads nowhere. */
export class PluginNotFoundError extends NnmError {
  constructor(details: { specifier: string; origin: PluginOrigin; folder: string; reason: string }, options?: ErrorOptions) {
    const isPath = isPathSpecifier(details.specifier);
    super(
      {
        code: 'ERR_PLUGIN_NOT_FOUND',
        message: `The plugin "${details.specifier}" (${describeOrigin(details.origin)}) cannot be found from ${details.folder}: ${details.reason}.`,
        hint: isPath
          ? 'Paths are relative to the file that names them. Correct the path, or take it out of `plugins`.'
          : `Run \`npm i ${packageNameOf(details.specifier)}\` in ${details.folder}, or take it out of \`plugins\`.`,
        details: { specifier: details.specifier, origin: details.origin, folder: details.folder },
      },
      options,
    );
  }
}

/** A plugin's module threw while it was imported; the cause says what. */
export class PluginImportError extends NnmError {
  constructor(details: { specifier: string; origin: PluginOrigin; file: string }, options: { cause: unknown }) {
    const missing = missingExport(options.cause);
    const cause = missing ?? describeCause(options.cause);
    super(
      {
        code: 'ERR_PLUGIN_IMPORT',
        message: `The plugin "${details.specifier}" (${describeOrigin(details.origin)}) failed while it was imported: ${cause}`,
        hint:
          missing === undefined
            ? `${remedy(options.cause, details.file)}, or take the plugin out of your nnm config. --verbose shows where it failed.`
            : 'Update the plugin, or take it out of your nnm config.',
        details: { ...details, cause },
      },
      options,
    );
  }
}

/** In words, when a module wants something of nnm's packages that this version does not have: it was made for another. */
function missingExport(cause: unknown): string | undefined {
  const said =
    cause instanceof Error ? /requested module '(@nnm\/[^']+)' does not provide an export named '([^']+)'/.exec(cause.message) : null;
  return said === null
    ? undefined
    : `it was made for another version of ${said[1]}: it imports ${said[2]}, which ${said[1]} ${CORE_VERSION} does not have`;
}

/** What to do about a failed import: install what is missing, or correct the module. */
function remedy(cause: unknown, file: string): string {
  const missing = cause instanceof Error ? /^Cannot find package '([^']+)'/.exec(cause.message)?.[1] : undefined;
  return missing === undefined ? `Correct ${file}` : `Run \`npm install\` where the plugin lies, so that it finds ${missing}`;
}

/** True for `./x`, `../x`, absolute paths and `file:` URLs; false for package names. */
export function isPathSpecifier(specifier: string): boolean {
  return /^(\.{1,2}([/\\]|$)|[/\\]|file:|[a-zA-Z]:[/\\])/.test(specifier);
}

/** `@scope/name/sub/path` → `@scope/name`. */
export function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** True for an error of nnm; asking a thrown value may throw, too. */
export function isNnmError(error: unknown): error is NnmError {
  try {
    return NnmError.isInstance(error);
  } catch {
    return false;
  }
}

/** An error's message, with its name when that says something. */
export function describeCause(cause: unknown): string {
  return isNnmError(cause) ? cause.message : showThrown(cause);
}
