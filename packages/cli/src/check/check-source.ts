import type { Plugin } from '@nnm/core';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { PluginOrigin } from '../plugins/origin.ts';

/** Where the plugin to check is, as plain data that another process can be told. */
export type CheckSource =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'import'; readonly specifier: string; readonly fromFile: string; readonly origin: PluginOrigin };

/** Load the plugin; `found` are the plugins that apply here. */
export async function loadSource(source: CheckSource, found: readonly Plugin[]): Promise<Plugin> {
  if (source.kind === 'found') return found.find(({ name }) => name === source.name)!;
  return loadPlugin(source.specifier, source.fromFile, source.origin);
}
