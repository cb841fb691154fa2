import type { Plugin } from '@nnm/core';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { PluginOrigin } from '../plugins/origin.ts';
import { assembleBackend, assembleKernel } from '../registered/assemble.ts';
import type { BackendMeta, KernelMeta } from '../registered/meta-file.ts';

/** Where the plugin to check is, as plain data that another process can be told. */
export type CheckSource =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'import'; readonly specifier: string; readonly fromFile: string; readonly origin: PluginOrigin }
  | { readonly kind: 'kernel'; readonly meta: KernelMeta }
  | { readonly kind: 'backend'; readonly meta: BackendMeta };

/** Load the plugin; `found` are the plugins that apply here. */
export async function loadSource(source: CheckSource, found: readonly Plugin[]): Promise<Plugin> {
  switch (source.kind) {
    case 'found':
      return found.find(({ name }) => name === source.name)!;
    case 'import':
      return loadPlugin(source.specifier, source.fromFile, source.origin);
    case 'kernel':
      return assembleKernel(source.meta, false);
    case 'backend':
      return assembleBackend(source.meta, false);
  }
}
