import { NnmError, suggestNearest } from '@nnm/core';

/** The project neither depends on a package nor names it in its nnm config. */
export class PluginNotInProjectError extends NnmError {
  constructor(details: { name: string; project: string; dependencies: readonly string[] }) {
    const near = suggestNearest(details.name, details.dependencies);
    super({
      code: 'ERR_PLUGIN_NOT_IN_PROJECT',
      message: `The project in ${details.project} has no plugin "${details.name}".`,
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Run `nnm plugins list` to see what there is.',
      details,
    });
  }
}
