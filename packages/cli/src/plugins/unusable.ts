import { NnmError } from '@nnm/core';
import { describeCause } from './errors.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';

/** Something that a plugin should provide and that cannot be used. */
export interface UnusablePart {
  /** A plugin as it was named, or `kernel <type>` and the like for a conflict between plugins. */
  readonly what: string;
  readonly origin?: PluginOrigin;
  readonly error: unknown;
  /** In one line. */
  readonly message: string;
}

/** What of the plugins that were found cannot be used, and why. */
export function unusable(found: {
  readonly failures: readonly { readonly specifier: string; readonly origin: PluginOrigin; readonly error: unknown }[];
  readonly conflicts: readonly { readonly kind: string; readonly id: string; readonly error: NnmError }[];
}): readonly UnusablePart[] {
  return [
    ...found.failures.map(({ specifier, origin, error }) => ({
      what: specifier,
      origin,
      error,
      message: describe(error) ?? `The plugin "${specifier}" (${describeOrigin(origin)}) cannot be used: ${describeCause(error)}`,
    })),
    ...found.conflicts.map(({ kind, id, error }) => ({ what: `${kind} ${id}`, error, message: error.message })),
  ];
}

function describe(error: unknown): string | undefined {
  return NnmError.isInstance(error) ? `${error.message} [${error.code}]` : undefined;
}
